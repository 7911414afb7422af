"""Build, audit and start images on the owner's Docker engines."""
