"""Answers on their way into the library."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_29"
down_revision = "20261129_26"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_answers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("resource", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("approved_by", sa.String(32), server_default="", nullable=False),
        sa.Column("goes_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_shared_answers_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_answers")),
        sa.UniqueConstraint("request_id", name=op.f("uq_shared_answers_request_id")),
    )


def downgrade() -> None:
    op.drop_table("shared_answers")
