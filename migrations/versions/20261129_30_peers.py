"""Suggestions of one person to another for a request."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_30"
down_revision = "20261129_29"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "peer_matches",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("peer_id", sa.Integer, nullable=False),
        sa.Column("by_id", sa.Integer, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("requester", sa.String(3), server_default="", nullable=False),
        sa.Column("peer", sa.String(3), server_default="", nullable=False),
        sa.Column("matched_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_peer_matches_request_id_requests")
        ),
        sa.ForeignKeyConstraint(["peer_id"], ["persons.id"], name=op.f("fk_peer_matches_peer_id_persons")),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name=op.f("fk_peer_matches_by_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_matches")),
        sa.UniqueConstraint("uid", name=op.f("uq_peer_matches_uid")),
        sa.UniqueConstraint("request_id", "peer_id", name=op.f("uq_peer_matches_request_id_peer_id")),
    )
    for name in ("peer_id", "asked_at"):
        op.create_index(op.f(f"ix_peer_matches_{name}"), "peer_matches", [name])


def downgrade() -> None:
    op.drop_table("peer_matches")
