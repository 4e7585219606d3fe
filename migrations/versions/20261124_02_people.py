"""What people say of themselves, what agencies are, and who of the staff takes what, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261124_02"
down_revision = "20261124_01"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("persons") as persons:
        persons.add_column(sa.Column("role", sa.String(120), server_default="", nullable=False))
        persons.add_column(sa.Column("topics", sa.JSON, server_default="[]", nullable=False))
        persons.add_column(sa.Column("language", sa.String(16), server_default="", nullable=False))
        persons.add_column(sa.Column("found_since", MOMENT, nullable=True))
        persons.add_column(sa.Column("shares_since", MOMENT, nullable=True))

    _listed("person_topics", "topic")
    _listed("person_areas", "area")
    # What the form remembered so far.
    each = "json_each(areas) AS area" if _is_sqlite() else "json_array_elements_text(areas) AS area(value)"
    filled = "INSERT INTO person_areas SELECT DISTINCT persons.id, area.value FROM persons, "
    op.execute(filled + each)

    with op.batch_alter_table("agencies") as agencies:
        agencies.add_column(sa.Column("area", sa.String(64), server_default="", nullable=False))
        agencies.add_column(sa.Column("eligible", sa.Boolean, nullable=True))
        agencies.add_column(sa.Column("merged_into", sa.Integer, nullable=True))
        agencies.create_foreign_key("fk_agencies_merged_into_agencies", "agencies", ["merged_into"], ["id"])
        agencies.create_index("ix_agencies_merged_into", ["merged_into"])

    with op.batch_alter_table("staff") as staff:
        staff.add_column(sa.Column("lead_by", sa.String(64), server_default="", nullable=False))
        staff.add_column(sa.Column("lead_at", MOMENT, nullable=True))
        staff.add_column(sa.Column("topics", sa.JSON, server_default="[]", nullable=False))
        staff.add_column(sa.Column("areas", sa.JSON, server_default="[]", nullable=False))
        staff.add_column(sa.Column("languages", sa.JSON, server_default="[]", nullable=False))
        staff.add_column(sa.Column("capacity", sa.Integer, nullable=True))
        staff.add_column(sa.Column("version", sa.Integer, server_default="1", nullable=False))

    op.create_table(
        "staff_away",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("staff_id", sa.Integer, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("note", sa.String(200), server_default="", nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_away_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_away"),
    )
    op.create_index("ix_staff_away_staff_id", "staff_away", ["staff_id"])
    op.create_index("ix_staff_away_last_day", "staff_away", ["last_day"])


def downgrade() -> None:
    op.drop_table("staff_away")
    with op.batch_alter_table("staff") as staff:
        for name in ("version", "capacity", "languages", "areas", "topics", "lead_at", "lead_by"):
            staff.drop_column(name)
    with op.batch_alter_table("agencies") as agencies:
        agencies.drop_index("ix_agencies_merged_into")
        agencies.drop_constraint("fk_agencies_merged_into_agencies", type_="foreignkey")
        for name in ("merged_into", "eligible", "area"):
            agencies.drop_column(name)
    op.drop_table("person_areas")
    op.drop_table("person_topics")
    with op.batch_alter_table("persons") as persons:
        for name in ("shares_since", "found_since", "language", "topics", "role"):
            persons.drop_column(name)


def _listed(table: str, what: str) -> None:
    op.create_table(
        table,
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column(what, sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=f"fk_{table}_person_id_persons"),
        sa.PrimaryKeyConstraint("person_id", what, name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_{what}_person_id", table, [what, "person_id"])


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
