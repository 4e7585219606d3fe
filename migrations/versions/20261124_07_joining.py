"""Joining: who is expected, and who has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261124_07"
down_revision = "20261124_06"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("email", sa.String(255), server_default="", nullable=False),
        sa.Column("agency_id", sa.Integer, nullable=True),
        sa.Column("areas", sa.JSON, server_default="[]", nullable=False),
        sa.Column("topics", sa.JSON, server_default="[]", nullable=False),
        sa.Column("state", sa.String(12), server_default="new", nullable=False),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("decided_by", sa.String(32), server_default="", nullable=False),
        sa.Column("joined_user", sa.String(32), server_default="", nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_invitations_agency_id_agencies"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("uid", name="uq_invitations_uid"),
    )
    op.create_index("ix_invitations_agency_id", "invitations", ["agency_id"])
    op.create_index("ix_invitations_email_state", "invitations", ["email", "state"])

    op.create_table(
        "arrivals",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("was_here", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("invitation_id", sa.Integer, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name="fk_arrivals_invitation_id_invitations",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_arrivals"),
        sa.UniqueConstraint("user", name="uq_arrivals_user"),
    )


def downgrade() -> None:
    op.drop_table("arrivals")
    op.drop_table("invitations")
