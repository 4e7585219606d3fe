"""A message that stands as a line without its text; and whose Home was last drawn for staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_04"
down_revision = "20261128_03"
branch_labels = None
depends_on = None

_HOMES = sa.table(
    "home_views",
    sa.column("person_id", sa.Integer),
    sa.column("opened_at", sa.DateTime(timezone=True)),
    sa.column("is_staffs", sa.Boolean),
)
_STAFF = sa.table(
    "staff",
    sa.column("person_id", sa.Integer),
    sa.column("active", sa.Boolean),
    sa.column("since", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.add_column("messages", sa.Column("masked", sa.Boolean, server_default=sa.false(), nullable=False))
    op.add_column("home_views", sa.Column("is_staffs", sa.Boolean, server_default=sa.false(), nullable=False))
    ever = sa.select(_STAFF.c.person_id)
    op.execute(sa.update(_HOMES).where(_HOMES.c.person_id.in_(ever)).values(is_staffs=sa.true()))
    # Nobody cleared the Homes of those who had left, and what was noted of them is gone after a month.
    left = sa.select(_STAFF.c.person_id, _STAFF.c.since, sa.true()).where(
        ~_STAFF.c.active, _STAFF.c.person_id.not_in(sa.select(_HOMES.c.person_id))
    )
    op.execute(sa.insert(_HOMES).from_select(["person_id", "opened_at", "is_staffs"], left))


def downgrade() -> None:
    op.drop_column("home_views", "is_staffs")
    op.drop_column("messages", "masked")
