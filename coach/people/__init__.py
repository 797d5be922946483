"""Knows who someone is and what they may see. Knows nothing of pairs' words or drafts."""
