"""Staff's news that was withdrawn leaves a mark, so that what has shown it is drawn again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_10"
down_revision = "20261129_09"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("community_news", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM community_news WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("community_news") as table:
        table.drop_column("withdrawn_at")
