"""Digests to channels, their editions, and what each channel had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_09"
down_revision = "20261128_04"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _definitions()
    _editions()
    _members()


def _definitions() -> None:
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("rhythm", sa.String(8), server_default="weekly", nullable=False),
        sa.Column("weekday", sa.Integer, server_default="0", nullable=False),
        sa.Column("at", sa.String(5), server_default="09:00", nullable=False),
        sa.Column("active", sa.Boolean, server_default=sa.true(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("owner", name=op.f("uq_digests_owner")),
    )
    op.create_table(
        "digest_channels",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("digest_id", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_channels")),
        sa.ForeignKeyConstraint(
            ["digest_id"],
            ["digests.id"],
            name=op.f("fk_digest_channels_digest_id_digests"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("digest_id", "channel", name=op.f("uq_digest_channels_digest_id_channel")),
    )


def _editions() -> None:
    op.create_table(
        "digest_editions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("digest_id", sa.Integer, nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("slot_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("why", sa.String(200), server_default="", nullable=False),
        sa.Column("note", sa.Text, server_default="", nullable=False),
        sa.Column("questions", sa.Integer, server_default="0", nullable=False),
        sa.Column("held_back", sa.JSON, server_default="[]", nullable=False),
        sa.Column("channels", sa.JSON, server_default="[]", nullable=False),
        sa.Column("by", sa.String(32), server_default="", nullable=False),
        sa.Column("composed_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_editions")),
        sa.ForeignKeyConstraint(
            ["digest_id"],
            ["digests.id"],
            name=op.f("fk_digest_editions_digest_id_digests"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_digest_editions_uid")),
        sa.UniqueConstraint("digest_id", "period", name=op.f("uq_digest_editions_digest_id_period")),
    )
    op.create_index("ix_digest_editions_state_slot_at", "digest_editions", ["state", "slot_at"])
    op.create_table(
        "digest_items",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("edition_id", sa.Integer, nullable=False),
        sa.Column("resource_id", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("section", sa.String(10), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("dropped", sa.String(32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_items")),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["digest_editions.id"],
            name=op.f("fk_digest_items_edition_id_digest_editions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.id"],
            name=op.f("fk_digest_items_resource_id_resources"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("edition_id", "resource_id", name=op.f("uq_digest_items_edition_id_resource_id")),
    )
    op.create_index(op.f("ix_digest_items_resource_id"), "digest_items", ["resource_id"])
    op.create_table(
        "digest_shown",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("resource_id", sa.Integer, nullable=False),
        sa.Column("edition_id", sa.Integer, nullable=False),
        sa.Column("words", sa.String(16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_shown")),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.id"],
            name=op.f("fk_digest_shown_resource_id_resources"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("channel", "resource_id", name=op.f("uq_digest_shown_channel_resource_id")),
    )
    op.create_index("ix_digest_shown_at", "digest_shown", ["at"])
    op.create_index(op.f("ix_digest_shown_resource_id"), "digest_shown", ["resource_id"])


def _members() -> None:
    op.create_table(
        "digest_subscriptions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("rhythm", sa.String(8), server_default="weekly", nullable=False),
        sa.Column("weekday", sa.Integer, server_default="0", nullable=False),
        sa.Column("at", sa.String(5), server_default="09:00", nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("topics", sa.JSON, server_default="[]", nullable=False),
        sa.Column("areas", sa.JSON, server_default="[]", nullable=False),
        sa.Column("state", sa.String(8), server_default="active", nullable=False),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("read_until", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_subscriptions")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["persons.id"],
            name=op.f("fk_digest_subscriptions_person_id_persons"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("person_id", name=op.f("uq_digest_subscriptions_person_id")),
    )
    op.create_index("ix_digest_subscriptions_state_next_at", "digest_subscriptions", ["state", "next_at"])
    op.create_table(
        "digest_personal",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("subscription_id", sa.Integer, nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("slot_at", MOMENT, nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_personal")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["digest_subscriptions.id"],
            name=op.f("fk_digest_personal_subscription_id_digest_subscriptions"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_digest_personal_uid")),
        sa.UniqueConstraint(
            "subscription_id", "period", name=op.f("uq_digest_personal_subscription_id_period")
        ),
    )
    op.create_index("ix_digest_personal_slot_at", "digest_personal", ["slot_at"])


def downgrade() -> None:
    for table in (
        "digest_personal",
        "digest_subscriptions",
        "digest_shown",
        "digest_items",
        "digest_editions",
        "digest_channels",
        "digests",
    ):
        op.drop_table(table)
