"""The figures that the documentation quotes, measured on this machine."""
