"""Which file of Slack's belongs to a message that is one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_21"
down_revision = "20261129_19"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_files",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_message_files_message_id_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_files")),
    )


def downgrade() -> None:
    op.drop_table("message_files")
