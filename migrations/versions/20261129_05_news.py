"""Staff's news; what stands in an edition beside its items; who is in a digest's channel; who wants only their requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_05"
down_revision = "20261129_01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "community_news",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by_user", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_news")),
        sa.UniqueConstraint("uid", name=op.f("uq_community_news_uid")),
    )
    op.create_index(op.f("ix_community_news_at"), "community_news", ["at"])
    op.create_table(
        "silences",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
        sa.UniqueConstraint("user", name=op.f("uq_silences_user")),
    )
    for table, column, default in _COLUMNS:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(column, sa.JSON, server_default=default, nullable=False))


_COLUMNS = (
    ("digest_editions", "extras", "{}"),
    ("digest_personal", "extras", "{}"),
    ("digest_channels", "members", "[]"),
)


def downgrade() -> None:
    for table, column, _default in _COLUMNS:
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    op.drop_table("silences")
    op.drop_table("community_news")
