"""The words of whole documents, which search weighs beside those of their passages."""

from alembic import op

revision: str = "2026_11_27_whole_documents"
down_revision: str | None = "2026_11_27_imports"

SQLITE = (
    "CREATE VIRTUAL TABLE documents_fts USING fts5(title, text, "
    "tokenize='porter unicode61 remove_diacritics 2')",
    "INSERT INTO documents_fts (rowid, title, text) "
    "SELECT min(found.rowid), min(found.title), substr(group_concat(found.text, ' '), 1, 250000) "
    "FROM passages_fts found JOIN passages ON passages.key = found.rowid "
    "GROUP BY passages.version_id HAVING count(*) > 1",
)
POSTGRESQL = (
    "CREATE TABLE documents_fts (key integer PRIMARY KEY REFERENCES passages (key) "
    "ON DELETE CASCADE, tsv tsvector NOT NULL)",
    "CREATE INDEX ix_documents_fts_tsv ON documents_fts USING gin (tsv)",
    "INSERT INTO documents_fts (key, tsv) "
    "SELECT min(found.key), setweight(to_tsvector('english', min(found.title)), 'A') || "
    "to_tsvector('english', left(string_agg(found.text, ' ' ORDER BY found.key), 250000)) "
    "FROM passages_fts found JOIN passages ON passages.key = found.key "
    "GROUP BY passages.version_id HAVING count(*) > 1",
)


def upgrade() -> None:
    """Make the table and fill it with what is published."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE documents_fts")
