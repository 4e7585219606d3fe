"""Communities: what is wanted of each, who is in it, what was wished, proposed and counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261124_05"
down_revision = "20261124_02"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "communities",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("purpose", sa.Text, server_default="", nullable=False),
        sa.Column("topics", sa.JSON, server_default="[]", nullable=False),
        sa.Column("lead", sa.String(32), server_default="", nullable=False),
        sa.Column("welcome", sa.Text, server_default="", nullable=False),
        sa.Column("rhythm", sa.String(200), server_default="", nullable=False),
        sa.Column("digest", sa.Boolean, server_default=sa.true(), nullable=False),
        sa.Column("private", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(12), server_default="active", nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("seen_name", sa.String(80), server_default="", nullable=False),
        sa.Column("seen_private", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("bindings", sa.Integer, server_default="0", nullable=False),
        sa.Column("trouble", sa.String(80), server_default="", nullable=False),
        sa.Column("last_post_at", MOMENT, nullable=True),
        sa.Column("quiet_told_at", MOMENT, nullable=True),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("closed_by", sa.String(32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_communities"),
        sa.UniqueConstraint("slug", name="uq_communities_slug"),
        sa.UniqueConstraint("channel", name="uq_communities_channel"),
    )
    _of_people()
    _of_life()


def _of_people() -> None:
    op.create_table(
        "community_members",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("community_id", sa.Integer, nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        _belongs("community_members"),
        sa.PrimaryKeyConstraint("id", name="pk_community_members"),
        sa.UniqueConstraint("community_id", "user", name="uq_community_members_community_id_user"),
    )
    op.create_index("ix_community_members_user", "community_members", ["user"])

    op.create_table(
        "community_wishes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("community_id", sa.Integer, nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("wants_in", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("code", sa.String(80), server_default="", nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _belongs("community_wishes"),
        sa.PrimaryKeyConstraint("id", name="pk_community_wishes"),
        sa.UniqueConstraint("community_id", "user", name="uq_community_wishes_community_id_user"),
    )

    op.create_table(
        "community_proposals",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("topics", sa.JSON, server_default="[]", nullable=False),
        sa.Column("leads_it", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("by_user", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), server_default="open", nullable=False),
        sa.Column("decided_by", sa.String(32), server_default="", nullable=False),
        sa.Column("community_id", sa.Integer, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _belongs("community_proposals", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_community_proposals"),
        sa.UniqueConstraint("uid", name="uq_community_proposals_uid"),
    )


def _of_life() -> None:
    op.create_table(
        "community_runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("by_user", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("done", sa.Integer, server_default="0", nullable=False),
        sa.Column("of", sa.Integer, server_default="0", nullable=False),
        sa.Column("result", sa.JSON, server_default="{}", nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_community_runs"),
    )

    op.create_table(
        "community_weeks",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("community_id", sa.Integer, nullable=False),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("posts", sa.Integer, server_default="0", nullable=False),
        sa.Column("reactions", sa.Integer, server_default="0", nullable=False),
        sa.Column("answers", sa.Integer, server_default="0", nullable=False),
        _belongs("community_weeks"),
        sa.PrimaryKeyConstraint("id", name="pk_community_weeks"),
        sa.UniqueConstraint("community_id", "week", name="uq_community_weeks_community_id_week"),
    )

    op.create_table(
        "community_questions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("community_id", sa.Integer, nullable=False),
        sa.Column("ts", sa.String(32), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("told", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("settled", sa.Boolean, server_default=sa.false(), nullable=False),
        _belongs("community_questions"),
        sa.PrimaryKeyConstraint("id", name="pk_community_questions"),
        sa.UniqueConstraint("community_id", "ts", name="uq_community_questions_community_id_ts"),
    )
    op.create_index("ix_community_questions_due_at", "community_questions", ["due_at"])


def _belongs(table: str, gone: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_community_id_communities"
    return sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=name, ondelete=gone)


def downgrade() -> None:
    for table in ("questions", "weeks", "runs", "proposals", "wishes", "members"):
        op.drop_table(f"community_{table}")
    op.drop_table("communities")
