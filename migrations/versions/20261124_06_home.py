"""Who has their Home open, and what was last shown in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261124_06"
down_revision = "20261124_05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "home_views",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(64), server_default="", nullable=False),
        sa.Column("shown", sa.String(64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_home_views_person_id_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_home_views"),
        sa.UniqueConstraint("person_id", name="uq_home_views_person_id"),
    )
    op.create_index("ix_home_views_opened_at", "home_views", ["opened_at"])


def downgrade() -> None:
    op.drop_table("home_views")
