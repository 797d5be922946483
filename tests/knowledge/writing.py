"""Writes documents for the tests and adds them."""

from datetime import UTC, date, datetime

from coach.knowledge.library import save_document
from coach.knowledge.markdown import read_document
from coach.storage.database import Database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def written(title: str, *, name: str = "a.md", body: str = "", **header: str) -> str:
    """The source of a document."""
    values = {"title": title, "kind": "tutorial", "level": "basic", "language": "en", **header}
    lines = "".join(f"{key}: {value}\n" for key, value in values.items())
    return (
        f"---\n{lines}---\n\n{body or f'## Lesson{chr(10)}### Idea{chr(10)}{title} works well.'}\n"
    )


def add(database: Database, source: str, name: str = "a.md", publish: bool = True) -> int:
    with database.transaction() as db:
        text = read_document(source, name)
        return save_document(db, text, author="ada", publish=publish, now=NOW).number
