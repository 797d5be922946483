"""Knows how models, embeddings and prompts are reached. Knows nothing of pairs or pages."""
