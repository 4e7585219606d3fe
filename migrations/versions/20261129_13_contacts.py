"""What staff did, with a request or without one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_13"
down_revision = "20261129_10"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("request_id", sa.Integer, nullable=True),
        sa.Column("by_id", sa.Integer, nullable=False),
        sa.Column("logged_at", MOMENT, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("format", sa.String(64), server_default="", nullable=False),
        sa.Column("people", sa.Integer, nullable=True),
        sa.Column("level", sa.String(16), server_default="", nullable=False),
        sa.Column("fund_source", sa.String(64), server_default="", nullable=False),
        sa.Column("eligible", sa.Boolean, nullable=True),
        sa.Column("formal", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("objectives", sa.Text, server_default="", nullable=False),
        sa.Column("note", sa.Text, server_default="", nullable=False),
        sa.Column("topics", sa.JSON, server_default="[]", nullable=False),
        sa.Column("areas", sa.JSON, server_default="[]", nullable=False),
        sa.Column("agency_id", sa.Integer, nullable=True),
        sa.Column("import_id", sa.Integer, nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_contacts_request_id_requests")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name=op.f("fk_contacts_by_id_persons")),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_contacts_agency_id_agencies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("key", name=op.f("uq_contacts_key")),
    )
    op.create_index("ix_contacts_by_id_id", "contacts", ["by_id", "id"])
    for name in ("request_id", "day", "agency_id", "import_id"):
        op.create_index(op.f(f"ix_contacts_{name}"), "contacts", [name])


def downgrade() -> None:
    op.drop_table("contacts")
