"""Feeds and calendars that are followed, which of their entries were seen, and what checking links found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_03"
down_revision = "20261128_02"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "import_sources",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("title", sa.String(200), server_default="", nullable=False),
        sa.Column("topics", sa.JSON, server_default="[]", nullable=False),
        sa.Column("areas", sa.JSON, server_default="[]", nullable=False),
        sa.Column("publish", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("added_by", sa.String(32), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("etag", sa.Text, server_default="", nullable=False),
        sa.Column("last_modified", sa.String(100), server_default="", nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer, server_default="0", nullable=False),
        sa.Column("trouble", sa.String(300), server_default="", nullable=False),
        sa.Column("held", sa.Integer, server_default="0", nullable=False),
        sa.Column("decision", sa.String(8), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_sources")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_sources_uid")),
        sa.UniqueConstraint("key", name=op.f("uq_import_sources_key")),
    )
    op.create_index(op.f("ix_import_sources_next_at"), "import_sources", ["next_at"])
    op.create_table(
        "import_seen",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("guid_key", sa.String(32), nullable=False),
        sa.Column("link_key", sa.String(40), nullable=False),
        sa.Column("title_key", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_seen")),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["import_sources.id"],
            name=op.f("fk_import_seen_source_id_import_sources"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "source_id",
            "guid_key",
            "link_key",
            "title_key",
            name=op.f("uq_import_seen_source_id_guid_key_link_key_title_key"),
        ),
    )
    op.create_index(op.f("ix_import_seen_at"), "import_seen", ["at"])
    op.create_table(
        "link_checks",
        sa.Column("resource_id", sa.Integer, nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("result", sa.String(12), server_default="", nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("misses", sa.Integer, server_default="0", nullable=False),
        sa.Column("missed_since", MOMENT, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_link_checks")),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.id"],
            name=op.f("fk_link_checks_resource_id_resources"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_link_checks_next_at"), "link_checks", ["next_at"])


def downgrade() -> None:
    op.drop_table("link_checks")
    op.drop_table("import_seen")
    op.drop_table("import_sources")
