"""The lint of documents: whether each keeps the rules of knowledge/README.md that code can see.

Judges documents as read from files. Knows nothing of the database, of drafts or of who asks.
"""
