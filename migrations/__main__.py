"""`python -m migrations "what changes"` drafts a revision from the tables as they stand; read it, then keep it."""

from __future__ import annotations

import importlib
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from alembic import command

from copbot.store import Base, migrate


def every_table() -> None:
    """Import each room's tables, so that the metadata knows them."""
    root = migrate.MIGRATIONS.parent
    for path in sorted([*root.glob("copbot/**/tables.py"), *root.glob("copbot/store/*.py")]):
        importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))


def draft(words: str) -> Path:
    every_table()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/draft.db"
        migrate.upgrade(url)
        with migrate.connected(url) as connection:
            config = migrate.config_for(connection)
            config.attributes["tables"] = Base.metadata
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            script = command.revision(
                config, words, autogenerate=True, rev_id=f"{datetime.now(UTC):%Y%m%d_%H%M}"
            )
    return Path(script.path)  # type: ignore[union-attr]


if __name__ == "__main__":
    print(draft(sys.argv[1]))
