"""Messages as they should stand in Slack, and where and how fast they may be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_04"
down_revision = "20261123_03"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("destination", sa.String(32), nullable=False),
        sa.Column("thread_of", sa.Integer, nullable=True),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("unasked", sa.Boolean, nullable=False),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(80), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("ts", sa.String(32), nullable=True),
        sa.Column("thread_ts", sa.String(32), nullable=True),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("trying", sa.Integer, nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("doubted", sa.Boolean, nullable=False),
        sa.Column("attempted", sa.Double, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("wait_until", sa.Double, nullable=False),
        sa.Column("look_at", sa.Double, nullable=True),
        sa.ForeignKeyConstraint(
            ["thread_of"], ["messages.id"], name="fk_messages_thread_of_messages", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("key", name="uq_messages_key"),
        sa.UniqueConstraint("uid", name="uq_messages_uid"),
    )
    op.create_index("ix_messages_channel_ts", "messages", ["channel", "ts"])
    op.create_index("ix_messages_destination_state", "messages", ["destination", "state"])
    op.create_index("ix_messages_line", "messages", ["state", "rank", "due_at", "id"])
    op.create_index("ix_messages_look_at", "messages", ["look_at"])
    op.create_index("ix_messages_subject_kind", "messages", ["subject", "kind"])
    op.create_index("ix_messages_thread_of", "messages", ["thread_of"])

    op.create_table(
        "message_refreshes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("message_id", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name="fk_message_refreshes_message_id_messages",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message_refreshes"),
        sa.UniqueConstraint("message_id", "at", name="uq_message_refreshes_message_id_at"),
    )
    op.create_index("ix_message_refreshes_at", "message_refreshes", ["at"])

    op.create_table(
        "destinations",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("lease_until", sa.Double, nullable=False),
        sa.Column("lease_by", sa.String(32), nullable=False),
        sa.Column("not_before", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_destinations"),
        sa.UniqueConstraint("name", name="uq_destinations_name"),
    )

    op.create_table(
        "method_rates",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("method", sa.String(60), nullable=False),
        sa.Column("paused_until", sa.Double, nullable=False),
        sa.Column("rate", sa.Double, nullable=False),
        sa.Column("free_at", sa.Double, nullable=False),
        sa.Column("learned_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_method_rates"),
        sa.UniqueConstraint("method", name="uq_method_rates_method"),
    )


def downgrade() -> None:
    op.drop_table("method_rates")
    op.drop_table("destinations")
    op.drop_table("message_refreshes")
    op.drop_table("messages")
