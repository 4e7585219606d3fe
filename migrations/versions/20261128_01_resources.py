"""The resource library: resources, where they came from, who saved them, what is counted; and the full-text index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_01"
down_revision = "20261124_07"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _resources()
    _around()
    _index()


def _resources() -> None:
    op.create_table(
        "resources",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("summary", sa.Text, server_default="", nullable=False),
        sa.Column("url", sa.Text, server_default="", nullable=False),
        sa.Column("topics", sa.JSON, server_default="[]", nullable=False),
        sa.Column("areas", sa.JSON, server_default="[]", nullable=False),
        sa.Column("audience", sa.String(200), server_default="", nullable=False),
        sa.Column("jurisdiction", sa.String(200), server_default="", nullable=False),
        sa.Column("source", sa.String(200), server_default="", nullable=False),
        sa.Column("reviewed_on", sa.Date, nullable=True),
        sa.Column("review_by", sa.Date, nullable=True),
        sa.Column("language", sa.String(16), server_default="", nullable=False),
        sa.Column("service_kind", sa.String(75), server_default="", nullable=False),
        sa.Column("address", sa.Text, server_default="", nullable=False),
        sa.Column("phones", sa.JSON, server_default="[]", nullable=False),
        sa.Column("hours", sa.Text, server_default="", nullable=False),
        sa.Column("eligibility", sa.Text, server_default="", nullable=False),
        sa.Column("languages", sa.JSON, server_default="[]", nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("all_day", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("private", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("owner", sa.String(32), server_default="", nullable=False),
        sa.Column("origin", sa.String(12), server_default="staff", nullable=False),
        sa.Column("state", sa.String(12), server_default="draft", nullable=False),
        sa.Column("state_by", sa.String(32), server_default="", nullable=False),
        sa.Column("state_at", MOMENT, nullable=False),
        sa.Column("state_why", sa.String(200), server_default="", nullable=False),
        sa.Column("same_as", sa.Integer, nullable=True),
        sa.Column("created_by", sa.String(32), server_default="", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.Column("title_key", sa.String(200), server_default="", nullable=False),
        sa.Column("link_key", sa.String(40), server_default="", nullable=False),
        sa.Column("extra", sa.JSON, server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["same_as"], ["resources.id"], name="fk_resources_same_as_resources", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_resources"),
        sa.UniqueConstraint("uid", name="uq_resources_uid"),
    )
    for columns in (
        ["state", "id"],
        ["kind", "starts_at"],
        ["review_by"],
        ["owner"],
        ["same_as"],
        ["updated_at"],
        ["title_key"],
        ["link_key"],
    ):
        op.create_index(f"ix_resources_{'_'.join(columns)}", "resources", columns)


def _around() -> None:
    op.create_table(
        "resource_sources",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("resource_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        _belongs("resource_sources", "resource_id", "resources"),
        sa.PrimaryKeyConstraint("id", name="pk_resource_sources"),
        sa.UniqueConstraint(
            "kind", "source", "external_id", name="uq_resource_sources_kind_source_external_id"
        ),
    )
    op.create_index("ix_resource_sources_resource_id", "resource_sources", ["resource_id"])

    op.create_table(
        "resource_saves",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("resource_id", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _belongs("resource_saves", "person_id", "persons"),
        _belongs("resource_saves", "resource_id", "resources"),
        sa.PrimaryKeyConstraint("id", name="pk_resource_saves"),
        sa.UniqueConstraint("person_id", "resource_id", name="uq_resource_saves_person_id_resource_id"),
    )
    op.create_index("ix_resource_saves_resource_id", "resource_saves", ["resource_id"])

    op.create_table(
        "resource_counts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("resource_id", sa.Integer, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("what", sa.String(12), nullable=False),
        sa.Column("number", sa.Integer, server_default="0", nullable=False),
        _belongs("resource_counts", "resource_id", "resources"),
        sa.PrimaryKeyConstraint("id", name="pk_resource_counts"),
        sa.UniqueConstraint("resource_id", "month", "what", name="uq_resource_counts_resource_id_month_what"),
    )

    op.create_table(
        "resource_gaps",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("topic", sa.String(64), server_default="", nullable=False),
        sa.Column("area", sa.String(64), server_default="", nullable=False),
        sa.Column("number", sa.Integer, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_resource_gaps"),
        sa.UniqueConstraint("month", "topic", "area", name="uq_resource_gaps_month_topic_area"),
    )


def _belongs(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def _index() -> None:
    op.create_table(
        "resource_words",
        sa.Column("word", sa.String(40), nullable=False),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_resource_words"),
    )
    # The texts come folded by ourselves, so that both databases know the same words: each splits at spaces only.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE resource_search USING fts5(title, body, marks, tokenize = 'ascii')")
        return
    op.execute(
        "CREATE TABLE resource_search ("
        " rowid BIGINT CONSTRAINT pk_resource_search PRIMARY KEY,"
        " title TEXT NOT NULL, body TEXT NOT NULL, marks TEXT NOT NULL,"
        " title_words TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED,"
        " words TSVECTOR GENERATED ALWAYS AS"
        " (to_tsvector('simple', title || ' ' || body || ' ' || marks)) STORED)"
    )
    op.execute("CREATE INDEX ix_resource_search_title_words ON resource_search USING gin (title_words)")
    op.execute("CREATE INDEX ix_resource_search_words ON resource_search USING gin (words)")


def downgrade() -> None:
    op.execute("DROP TABLE resource_search")
    for table in ("resource_words", "resource_gaps", "resource_counts", "resource_saves", "resource_sources"):
        op.drop_table(table)
    op.drop_table("resources")
