"""How intensive the help on a request was: universal where a resource of the library was the answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_01"
down_revision = "20261128_10"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("level", sa.String(16), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("requests", "level")
