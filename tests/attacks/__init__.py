"""What strangers tried, each as a test that fails where it works again."""
