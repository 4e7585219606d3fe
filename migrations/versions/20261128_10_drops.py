"""Files that staff drop to be imported, until they are decided and a month longer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_10"
down_revision = "20261128_09"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_drops",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("trouble", sa.String(300), server_default="", nullable=False),
        sa.Column("publish", sa.Boolean, nullable=False),
        sa.Column("chosen", sa.JSON, server_default="{}", nullable=False),
        sa.Column("seen", sa.JSON, server_default="{}", nullable=False),
        sa.Column("import_id", sa.Integer, nullable=True),
        sa.Column("done", sa.Integer, server_default="0", nullable=False),
        sa.Column("of", sa.Integer, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_drops")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_drops_uid")),
    )
    op.create_index(op.f("ix_import_drops_at"), "import_drops", ["at"])


def downgrade() -> None:
    op.drop_table("import_drops")
