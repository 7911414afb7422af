"""The REST operations, one module per corner of the API."""
