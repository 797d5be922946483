"""Search for parts of words: for scripts without spaces, and when no whole word is found."""

import re
from collections.abc import Sequence

import sqlalchemy as sa

from coach.knowledge.documents import DocumentKind
from coach.knowledge.lexical import DEPTH, RAREST_TERMS, tables_of
from coach.storage.database import Db

PART = 4
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


def needs_parts(text: str) -> bool:
    """Whether the text is in a script that writes words without spaces."""
    return _WITHOUT_SPACES.search(text) is not None


def find_parts(db: Db, wanted: Sequence[str], kind: DocumentKind | None) -> dict[int, float]:
    """Passages that hold one of these strings anywhere, even inside a word; more of them first."""
    pieces = [word for word in wanted if len(word) >= PART or needs_parts(word)][:RAREST_TERMS]
    if not pieces:
        return {}
    table, row = tables_of(db)[-1]
    found: dict[int, float] = {}
    for piece in pieces:
        for key in _holding(db, table, row, piece, kind):
            found[key] = found.get(key, 0.0) + 1.0
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return dict(best[:DEPTH])


def _holding(db: Db, table: str, row: str, piece: str, kind: DocumentKind | None) -> list[int]:
    """Keys of the passages with this string in title, heading or text."""
    # LIKE over a trigram table uses its index from three characters on, and reads it all below.
    like = "%" + re.sub(r"([%_\\])", r"\\\1", piece) + "%"
    only = "" if kind is None else "AND kind = :kind "
    rows = db.execute(
        sa.text(
            f"SELECT {row} FROM {table} WHERE (text LIKE :like ESCAPE '\\' "  # noqa: S608  our own names
            "OR heading LIKE :like ESCAPE '\\' OR title LIKE :like ESCAPE '\\') "
            f"{only}LIMIT {DEPTH}"
        ),
        {"like": like, "kind": kind},
    )
    return [key for (key,) in rows]
