"""Tests of what is struck out of logs, and of what must stay."""
