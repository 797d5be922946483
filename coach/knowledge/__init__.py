"""Knows documents, passages and how to find them. Knows nothing of pairs or drafts."""
