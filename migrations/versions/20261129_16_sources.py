"""How a request came, when it did not come in Slack, and the file it was taken from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_16"
down_revision = "20261129_15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("source", sa.String(16), server_default="", nullable=False))
    op.add_column("requests", sa.Column("import_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_requests_import_id"), "requests", ["import_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_requests_import_id"), "requests")
    with op.batch_alter_table("requests", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("import_id")
        table.drop_column("source")
