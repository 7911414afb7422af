"""Attacks of strangers, each against the part that must withstand it."""
