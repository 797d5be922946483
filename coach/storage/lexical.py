"""The tables of full-text search, which no ORM class can describe: one set per database."""

import sqlalchemy as sa

# Rows are written by code in the transaction that publishes the passages, never by triggers:
# a batch migration on SQLite drops triggers silently, and the search then finds nothing.
# On SQLite the rowid is the key of the passage.
TOKENIZE = "tokenize='porter unicode61 remove_diacritics 2'"
SQLITE = (
    f"CREATE VIRTUAL TABLE passages_fts USING fts5(kind, title, heading, text, {TOKENIZE})",
    "CREATE VIRTUAL TABLE passages_trigram_fts USING fts5(kind UNINDEXED, title, heading, text, "
    "tokenize='trigram')",
    f"CREATE VIRTUAL TABLE documents_fts USING fts5(title, text, {TOKENIZE})",
)
POSTGRESQL = (
    "CREATE TABLE passages_fts (key integer PRIMARY KEY REFERENCES passages (key) "
    "ON DELETE CASCADE, kind text NOT NULL, title text NOT NULL, heading text NOT NULL, "
    "text text NOT NULL, "
    "tsv tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', title), 'A') || "
    "setweight(to_tsvector('english', heading), 'B') || to_tsvector('english', text)) STORED)",
    "CREATE INDEX ix_passages_fts_tsv ON passages_fts USING gin (tsv)",
    "CREATE TABLE documents_fts (key integer PRIMARY KEY REFERENCES passages (key) "
    "ON DELETE CASCADE, tsv tsvector NOT NULL)",
    "CREATE INDEX ix_documents_fts_tsv ON documents_fts USING gin (tsv)",
)
PASSAGE_WORDS, DOCUMENT_WORDS = "passages_fts", "documents_fts"
# What a connection to SQLite sees of these besides: every place where a word is said, by its stem.
SAID = {table: f"temp.{table}_said" for table in (PASSAGE_WORDS, DOCUMENT_WORDS)}
FOR_A_CONNECTION = tuple(
    f"CREATE VIRTUAL TABLE {said} USING fts5vocab('main', '{table}', 'instance')"
    for table, said in SAID.items()
)
# A document of several passages as one text, under the key of its first passage. What is left of
# a text longer than this is found by its passages; PostgreSQL refuses a tsvector of a megabyte.
MAX_DOCUMENT = 250_000
_GATHER = {
    "sqlite": "INSERT INTO documents_fts (rowid, title, text) "
    "SELECT min(found.rowid), min(found.title), "
    f"substr(group_concat(found.text, ' '), 1, {MAX_DOCUMENT}) ",
    "postgresql": "INSERT INTO documents_fts (key, tsv) "
    "SELECT min(found.key), setweight(to_tsvector('english', min(found.title)), 'A') || "
    "to_tsvector('english', "
    f"left(string_agg(found.text, ' ' ORDER BY found.key), {MAX_DOCUMENT})) ",
}


def create_lexical_tables(connection: sa.Connection) -> None:
    """Make the full-text tables of this database."""
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)


def gather_documents(connection: sa.Connection, first: int | None = None) -> None:
    """Make documents findable as a whole: the one of this passage, or, anew, all there are."""
    dialect = connection.dialect.name
    row = "rowid" if dialect == "sqlite" else "key"
    only = "WHERE passages.version_id = (SELECT version_id FROM passages WHERE key = :first) "
    if first is None:
        connection.execute(sa.text("DELETE FROM documents_fts"))
    connection.execute(
        sa.text(
            f"{_GATHER[dialect]} FROM passages_fts found "
            f"JOIN passages ON passages.key = found.{row} {only if first is not None else ''}"
            "GROUP BY passages.version_id HAVING count(*) > 1"
        ),
        {"first": first} if first is not None else {},
    )


def lexical_tables(dialect: str) -> tuple[str, ...]:
    """The tables with the words of passages in a database of this kind, all with the same rows."""
    return (PASSAGE_WORDS, "passages_trigram_fts") if dialect == "sqlite" else (PASSAGE_WORDS,)


def is_lexical(name: str) -> bool:
    """Whether this table belongs to full-text search, its shadow tables included."""
    return name.startswith((PASSAGE_WORDS, "passages_trigram_fts", DOCUMENT_WORDS))
