"""Persons, agencies and staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_02"
down_revision = "20261123_01"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_key", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(32), server_default="other", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agencies"),
        sa.UniqueConstraint("name_key", name="uq_agencies_name_key"),
    )

    op.create_table(
        "persons",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("tz", sa.String(64), nullable=False),
        sa.Column("team", sa.String(32), server_default="", nullable=False),
        sa.Column("is_admin", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("is_owner", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("is_guest", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("is_bot", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("is_deleted", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("is_stranger", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("is_foreign", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("agency_id", sa.Integer, nullable=True),
        sa.Column("not_agency", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("areas", sa.JSON, server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_persons_agency_id_agencies"),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
        sa.UniqueConstraint("user", name="uq_persons_user"),
    )
    op.create_index("ix_persons_agency_id", "persons", ["agency_id"])

    op.create_table(
        "staff",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("active", sa.Boolean, server_default=sa.true(), nullable=False),
        sa.Column("is_lead", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_staff_person_id_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("person_id", name="uq_staff_person_id"),
    )


def downgrade() -> None:
    op.drop_table("staff")
    op.drop_table("persons")
    op.drop_table("agencies")
