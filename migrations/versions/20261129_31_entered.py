"""Who of the staff entered a request for somebody else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_31"
down_revision = "20261129_30"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("entered_by_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("requests", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("entered_by_id")
