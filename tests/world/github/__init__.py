"""A GitHub of our own on loopback, held against GitHub's own description."""
