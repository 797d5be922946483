"""The coach over the starter library, for evaluations."""

from tests.coaching.conftest import starter

__all__ = ["starter"]
