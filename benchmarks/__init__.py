"""Measures the coach. Its settings come first, so that numpy is bound to one core as it serves."""

import coach.settings as settings

__all__ = ["settings"]
