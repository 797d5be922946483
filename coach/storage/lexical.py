"""The tables of full-text search, which no ORM class can describe: one set per database."""

import sqlalchemy as sa

# Rows are written by code in the transaction that publishes the passages, never by triggers:
# a batch migration on SQLite drops triggers silently, and the search then finds nothing.
# On SQLite the rowid is the key of the passage.
SQLITE = (
    "CREATE VIRTUAL TABLE passages_fts USING fts5(kind, title, heading, text, "
    "tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE passages_trigram_fts USING fts5(kind UNINDEXED, title, heading, text, "
    "tokenize='trigram')",
)
POSTGRESQL = (
    "CREATE TABLE passages_fts (key integer PRIMARY KEY REFERENCES passages (key) "
    "ON DELETE CASCADE, kind text NOT NULL, title text NOT NULL, heading text NOT NULL, "
    "text text NOT NULL, "
    "tsv tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', title), 'A') || "
    "setweight(to_tsvector('english', heading), 'B') || to_tsvector('english', text)) STORED)",
    "CREATE INDEX ix_passages_fts_tsv ON passages_fts USING gin (tsv)",
)


def create_lexical_tables(connection: sa.Connection) -> None:
    """Make the full-text tables of this database."""
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)


def lexical_tables(dialect: str) -> tuple[str, ...]:
    """The tables of full-text search that a database of this kind has, all with the same rows."""
    return ("passages_fts", "passages_trigram_fts") if dialect == "sqlite" else ("passages_fts",)


def is_lexical(name: str) -> bool:
    """Whether this table belongs to full-text search, its shadow tables included."""
    return name.startswith(("passages_fts", "passages_trigram_fts"))
