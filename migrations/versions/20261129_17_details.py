"""What a requester may add once their request is saved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_17"
down_revision = "20261129_16"
branch_labels = None
depends_on = None

TEXTS = ("access_needs", "audience", "outcome")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("requests", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("requests", sa.Column("may_share", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("requests", table_kwargs={"sqlite_autoincrement": True}) as table:
        for name in ("may_share", *TEXTS):
            table.drop_column(name)
