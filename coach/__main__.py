"""Starts the command line, by name or as `python -m coach`."""

import coach.settings  # noqa: F401  read first: it switches tracing off before others are imported
from coach.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
