"""Clocks of triage and delivery, since when they stand still, and the request that another one is the same as."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_07"
down_revision = "20261129_05"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("triage_due", "delivery_due", "paused_at"):
        op.add_column("requests", sa.Column(name, MOMENT))
    op.add_column("requests", sa.Column("merged_into", sa.Integer))
    op.create_index(op.f("ix_requests_merged_into"), "requests", ["merged_into"])


def downgrade() -> None:
    op.drop_index(op.f("ix_requests_merged_into"), table_name="requests")
    for name in ("merged_into", "paused_at", "delivery_due", "triage_due"):
        op.drop_column("requests", name)
