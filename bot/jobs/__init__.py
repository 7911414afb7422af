"""Durable work: what is to be done survives the process that does it.

Only this package knows DBOS.
"""
