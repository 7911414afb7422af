"""What registries know about images: platforms, and the smallest upgrade."""
