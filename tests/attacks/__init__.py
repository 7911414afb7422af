"""What strangers may try, and what becomes of it."""
