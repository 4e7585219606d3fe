"""What was chosen in a request form that was not sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_26"
down_revision = "20261129_25"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "request_drafts"
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f(f"fk_{table}_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("person_id", name=op.f(f"uq_{table}_person_id")),
    )
    op.create_index(op.f(f"ix_{table}_at"), table, ["at"])


def downgrade() -> None:
    op.drop_table("request_drafts")
