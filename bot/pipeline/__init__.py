"""The way of each job: gather, decide, render, send.

These are the only modules that know all four.
"""
