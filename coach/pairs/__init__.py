"""Knows how a pair and its sessions are kept. Knows nothing of language models or pages."""
