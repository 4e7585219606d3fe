"""Colleagues who see and hear a request like its requester."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_19"
down_revision = "20261129_18"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "request_colleagues"
    op.create_table(
        table,
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("by_id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f(f"fk_{table}_request_id_requests")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f(f"fk_{table}_person_id_persons")),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name=op.f(f"fk_{table}_by_id_persons")),
        sa.PrimaryKeyConstraint("request_id", "person_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])


def downgrade() -> None:
    op.drop_table("request_colleagues")
