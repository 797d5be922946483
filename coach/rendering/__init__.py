"""Turns drafts into texts: for a terminal, a document, a calendar. Knows nothing but drafts."""
