"""The command as people type it, in this process."""
