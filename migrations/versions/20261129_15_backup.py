"""Who stands in for somebody of the staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_15"
down_revision = "20261129_13"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("backup_id", sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table("staff") as table:
        table.drop_column("backup_id")
