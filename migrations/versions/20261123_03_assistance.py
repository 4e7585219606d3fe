"""Requests with their topics, areas and events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_03"
down_revision = "20261123_02"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("requester_id", sa.Integer, nullable=False),
        sa.Column("agency_id", sa.Integer, nullable=True),
        sa.Column("not_agency", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("need", sa.Text, nullable=False),
        sa.Column("by_when", sa.String(32), server_default="", nullable=False),
        sa.Column("by_when_date", sa.Date, nullable=True),
        sa.Column("urgent_reason", sa.Text, server_default="", nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("came_from", sa.String(32), server_default="", nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=True),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("first_reply_due", MOMENT, nullable=False),
        sa.Column("first_reply_at", MOMENT, nullable=True),
        sa.Column("assigned_at", MOMENT, nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("close_reason", sa.String(32), server_default="", nullable=False),
        sa.Column("close_words", sa.Text, server_default="", nullable=False),
        sa.Column("referral", sa.Text, server_default="", nullable=False),
        sa.Column("given", sa.Text, server_default="", nullable=False),
        sa.Column("staff_channel", sa.String(32), nullable=True),
        sa.Column("undo_until", MOMENT, nullable=True),
        sa.Column("undo_state", sa.JSON, nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_requests_agency_id_agencies"),
        sa.ForeignKeyConstraint(["owner_id"], ["persons.id"], name="fk_requests_owner_id_persons"),
        sa.ForeignKeyConstraint(["requester_id"], ["persons.id"], name="fk_requests_requester_id_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sa.UniqueConstraint("form_key", name="uq_requests_form_key"),
        sa.UniqueConstraint("uid", name="uq_requests_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_requests_agency_id", "requests", ["agency_id"])
    op.create_index("ix_requests_delivered_at", "requests", ["delivered_at"])
    op.create_index("ix_requests_first_reply_due", "requests", ["first_reply_due"])
    op.create_index("ix_requests_owner_id_state", "requests", ["owner_id", "state"])
    op.create_index("ix_requests_requester_id_id", "requests", ["requester_id", "id"])
    op.create_index("ix_requests_state_id", "requests", ["state", "id"])

    op.create_table(
        "request_topics",
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name="fk_request_topics_request_id_requests"
        ),
        sa.PrimaryKeyConstraint("request_id", "place", name="pk_request_topics"),
    )
    op.create_index("ix_request_topics_topic", "request_topics", ["topic"])

    op.create_table(
        "request_areas",
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("area", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_request_areas_request_id_requests"),
        sa.PrimaryKeyConstraint("request_id", "place", name="pk_request_areas"),
    )
    op.create_index("ix_request_areas_area", "request_areas", ["area"])

    op.create_table(
        "request_events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("from_state", sa.String(32), nullable=False),
        sa.Column("to_state", sa.String(32), nullable=False),
        sa.Column("whom_id", sa.Integer, nullable=True),
        sa.Column("why", sa.Text, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_request_events_person_id_persons"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name="fk_request_events_request_id_requests"
        ),
        sa.ForeignKeyConstraint(["whom_id"], ["persons.id"], name="fk_request_events_whom_id_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_request_events"),
    )
    op.create_index("ix_request_events_request_id_id", "request_events", ["request_id", "id"])


def downgrade() -> None:
    op.drop_table("request_events")
    op.drop_table("request_areas")
    op.drop_table("request_topics")
    op.drop_table("requests")
