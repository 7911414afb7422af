"""From the raw output of a builder to a log with steps. Pure."""
