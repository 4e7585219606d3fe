"""Alerts, with who wrote, approved and corrected each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_08"
down_revision = "20261129_07"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("todo", sa.Text, nullable=False),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("channels", sa.JSON, nullable=False),
        sa.Column("members", sa.Integer, server_default="0", nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("closed", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.String(32), server_default="", nullable=False),
        sa.Column("goes_at", MOMENT, nullable=True),
        sa.Column("corrections", sa.Integer, server_default="0", nullable=False),
        sa.Column("correction", sa.Text, server_default="", nullable=False),
        sa.Column("corrected_by", sa.String(32), server_default="", nullable=False),
        sa.Column("corrected_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("uid", name=op.f("uq_alerts_uid")),
    )
    op.create_index(op.f("ix_alerts_expires_at"), "alerts", ["expires_at"])


def downgrade() -> None:
    op.drop_table("alerts")
