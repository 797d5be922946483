"""Measures the coach, with numpy bound to one core as it is where the coach serves."""

import coach.settings  # noqa: F401  binds it, before any module here imports numpy
