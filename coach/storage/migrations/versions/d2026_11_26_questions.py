"""What becomes of follow-up questions, and where they are answered."""

import sqlalchemy as sa
from alembic import op

from coach.storage.columns import UTCDateTime

revision: str = "2026_11_26_questions"
down_revision: str | None = "2026_11_26_memory_items"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "question_turns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_ups_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('for_next', 'asked', 'skipped')", name=op.f("ck_question_turns_state")
        ),
        sa.ForeignKeyConstraint(
            ["follow_ups_id"],
            ["follow_ups.id"],
            name=op.f("fk_question_turns_follow_ups_id_follow_ups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_turns")),
        sa.UniqueConstraint(
            "follow_ups_id",
            "question_id",
            name=op.f("uq_question_turns_follow_ups_id_question_id"),
        ),
    )
    op.create_table(
        "question_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_ups_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_ups_id"],
            ["follow_ups.id"],
            name=op.f("fk_question_answers_follow_ups_id_follow_ups"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["note_id"],
            ["notes.id"],
            name=op.f("fk_question_answers_note_id_notes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_answers")),
    )
    for column in ("follow_ups_id", "note_id"):
        name = op.f(f"ix_question_answers_{column}")
        op.create_index(name, "question_answers", [column])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("question_answers")
    op.drop_table("question_turns")
