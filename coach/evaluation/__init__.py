"""Runs cases through the production pipelines and compares the results."""
