"""A Docker engine of its own for each trust domain, inside the runner's engine."""
