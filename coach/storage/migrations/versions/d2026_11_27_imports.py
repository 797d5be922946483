"""What an import brought, and what was found when it was tried."""

import sqlalchemy as sa
from alembic import op

from coach.storage.tables import JSON

revision: str = "2026_11_27_imports"
down_revision: str | None = "2026_11_26_model_changes"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("jobs", sa.Column("found", JSON, nullable=True))
    op.add_column("job_files", sa.Column("document_id", sa.Text(), nullable=True))
    op.add_column("job_files", sa.Column("version", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("job_files", "version")
    op.drop_column("job_files", "document_id")
    op.drop_column("jobs", "found")
