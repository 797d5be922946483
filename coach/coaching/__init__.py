"""Thinks: briefs, shapes, drafts and the session contract. Knows nothing of databases or pages."""
