"""Knows the tables and how a transaction is opened. Knows nothing of what the rows mean."""
