"""What came after Done: who was asked, answers that name nobody, and outcomes of requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_25"
down_revision = "20261129_21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_asked",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("answered", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_feedback_asked_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_asked")),
        sa.UniqueConstraint("request_id", name=op.f("uq_feedback_asked_request_id")),
    )
    op.create_table(
        "feedback",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("topic_group", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("useful", sa.String(6), nullable=False),
        sa.Column("timely", sa.String(6), nullable=False),
        sa.Column("will_use", sa.String(6), nullable=False),
        sa.Column("comment", sa.Text, server_default="", nullable=False),
        sa.Column("shown", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("shown_in_group", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("shown_in_kind", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feedback")),
        sqlite_with_rowid=False,  # row numbers would tell the order in which people answered
    )
    op.create_table(
        "request_outcomes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(10), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("barrier", sa.String(10), server_default="", nullable=False),
        sa.Column("words", sa.Text, server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_outcomes_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_outcomes")),
        sa.UniqueConstraint("request_id", name=op.f("uq_request_outcomes_request_id")),
    )


def downgrade() -> None:
    for name in ("request_outcomes", "feedback", "feedback_asked"):
        op.drop_table(name)
