"""Alembic's way in. `copbot.store.migrate` hands over the connection, already in a transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context


def plainly(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """A revision names no type of ours: it must mean the same when our types have moved on."""
    return "sa.DateTime(timezone=True)" if kind == "type" and type(item).__name__ == "Moment" else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("tables"),  # only for drafting a revision
    render_as_batch=True,
    compare_server_default=True,
    render_item=plainly,
)
with context.begin_transaction():
    context.run_migrations()
