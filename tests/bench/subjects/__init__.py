"""What is measured: one file per subject, found by its constant ``BENCH``."""
