"""What requesters and staff write to each other about a request, and staff's saved answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_18"
down_revision = "20261129_17"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ENTRIES = "conversation_entries"


def upgrade() -> None:
    op.create_table(
        ENTRIES,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("side", sa.String(12), nullable=False),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("ts", sa.String(32), nullable=True),
        sa.Column("form_key", sa.String(64), nullable=True),
        sa.Column("text", sa.Text, server_default="", nullable=False),
        sa.Column("source_version", sa.String(32), server_default="", nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("files", sa.Integer, server_default="0", nullable=False),
        sa.Column("shown_in", sa.Integer, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f(f"fk_{ENTRIES}_request_id_requests")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f(f"fk_{ENTRIES}_person_id_persons")),
        sa.ForeignKeyConstraint(
            ["shown_in"], [f"{ENTRIES}.id"], name=op.f(f"fk_{ENTRIES}_shown_in_{ENTRIES}")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ENTRIES}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{ENTRIES}_uid")),
        sa.UniqueConstraint("form_key", name=op.f(f"uq_{ENTRIES}_form_key")),
        sa.UniqueConstraint("channel", "ts", name=op.f(f"uq_{ENTRIES}_channel_ts")),
    )
    op.create_index("ix_conversation_entries_request_id_id", ENTRIES, ["request_id", "id"])
    op.create_index("ix_conversation_entries_person_id_at", ENTRIES, ["person_id", "at"])
    op.create_table(
        "saved_answers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("folded_name", sa.String(160), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("uses", sa.Integer, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_saved_answers_by_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_answers")),
        sa.UniqueConstraint("folded_name", name=op.f("uq_saved_answers_folded_name")),
    )


def downgrade() -> None:
    op.drop_table("saved_answers")
    op.drop_table(ENTRIES)
