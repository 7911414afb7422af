"""Render what is known, for people and for programs. Pure."""
