"""Choices have versions, and remember what the profile's file said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261124_01"
down_revision = "20261123_05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("choices") as choices:
        choices.add_column(sa.Column("version", sa.Integer, server_default="1", nullable=False))
        choices.add_column(sa.Column("filed", sa.JSON, nullable=True))


def downgrade() -> None:
    # What was taken from the profile is taken from it again.
    op.execute("DELETE FROM choices WHERE filed IS NOT NULL OR name = 'program_stamp'")
    with op.batch_alter_table("choices") as choices:
        choices.drop_column("filed")
        choices.drop_column("version")
