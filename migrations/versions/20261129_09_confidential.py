"""Requests that only their requester, their owner and leads read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_09"
down_revision = "20261129_08"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "requests", sa.Column("confidential", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    with op.batch_alter_table("requests", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("confidential")
