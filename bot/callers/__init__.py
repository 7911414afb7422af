"""The kinds of callers: one module each, with a constant ``CALLER``."""
