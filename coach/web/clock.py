"""What time it is where the service runs."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is where the service runs."""
    return now().astimezone().date()
