"""Pairs and what they write."""

import sqlalchemy as sa
from alembic import op

from coach.storage.tables import AS_WRITTEN, JSON, UTCDateTime

revision: str = "2026_11_23_pairs"
down_revision: str | None = "2026_11_23_people"


def upgrade() -> None:
    """Make the tables."""
    _pairs()
    _goals()
    _sessions()
    _notes()
    _commitments()
    _concepts()
    _questions_asked()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("questions_asked")
    op.drop_table("concepts")
    op.drop_table("commitments")
    op.drop_table("notes")
    op.drop_table("sessions")
    op.drop_table("goals")
    op.drop_table("pairs")


def _pairs() -> None:
    op.create_table(
        "pairs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("profile", AS_WRITTEN, nullable=False),
        sa.Column("keys", JSON, nullable=True),
        sa.Column("file_hash", sa.Text(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_pairs_two_people")),
        sa.CheckConstraint("state IN ('active', 'paused', 'ended')", name=op.f("ck_pairs_state")),
        sa.ForeignKeyConstraint(
            ["mentee_id"], ["people.id"], name=op.f("fk_pairs_mentee_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["people.id"], name=op.f("fk_pairs_mentor_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_pairs_programme_id_programmes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairs")),
        sa.UniqueConstraint(
            "programme_id", "external_id", name=op.f("uq_pairs_programme_id_external_id")
        ),
    )
    op.create_index(op.f("ix_pairs_mentee_id"), "pairs", ["mentee_id"], unique=False)
    op.create_index(op.f("ix_pairs_mentor_id"), "pairs", ["mentor_id"], unique=False)


def _goals() -> None:
    op.create_table(
        "goals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("keys", JSON, nullable=True),
        sa.Column("extra", AS_WRITTEN, nullable=False),
        sa.CheckConstraint("kind IN ('tech', 'career')", name=op.f("ck_goals_kind")),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["pairs.id"], name=op.f("fk_goals_pair_id_pairs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
    )
    op.create_index(op.f("ix_goals_pair_id"), "goals", ["pair_id"], unique=False)


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=True),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("notes_language", sa.Text(), nullable=True),
        sa.Column("mentee_led_minutes", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("keys", JSON, nullable=True),
        sa.Column("extra", AS_WRITTEN, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'cancelled')", name=op.f("ck_sessions_state")
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["pairs.id"], name=op.f("fk_sessions_pair_id_pairs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("pair_id", "number", name=op.f("uq_sessions_pair_id_number")),
    )


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_role", sa.Text(), nullable=True),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("keys", JSON, nullable=True),
        sa.Column("extra", AS_WRITTEN, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "author_role IN ('mentor', 'mentee')", name=op.f("ck_notes_author_role")
        ),
        sa.CheckConstraint("form IN ('string', 'item')", name=op.f("ck_notes_form")),
        sa.CheckConstraint("visibility IN ('mine', 'pair')", name=op.f("ck_notes_visibility")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_notes_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_notes_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_author_id"), "notes", ["author_id"], unique=False)
    op.create_index(op.f("ix_notes_session_id"), "notes", ["session_id"], unique=False)


def _commitments() -> None:
    op.create_table(
        "commitments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("keys", JSON, nullable=True),
        sa.Column("extra", AS_WRITTEN, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("owner IN ('mentor', 'mentee')", name=op.f("ck_commitments_owner")),
        sa.CheckConstraint(
            "status IN ('open', 'done', 'blocked', 'dropped')", name=op.f("ck_commitments_status")
        ),
        sa.CheckConstraint("length(text) <= 300", name=op.f("ck_commitments_text")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_commitments_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index(op.f("ix_commitments_session_id"), "commitments", ["session_id"], unique=False)


def _concepts() -> None:
    op.create_table(
        "concepts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("concept", sa.Text(), nullable=True),
        sa.Column("last_result", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("keys", JSON, nullable=True),
        sa.Column("extra", AS_WRITTEN, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_concepts_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concepts")),
    )
    op.create_index(op.f("ix_concepts_session_id"), "concepts", ["session_id"], unique=False)


def _questions_asked() -> None:
    op.create_table(
        "questions_asked",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_questions_asked_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions_asked")),
    )
    op.create_index(
        op.f("ix_questions_asked_session_id"), "questions_asked", ["session_id"], unique=False
    )
