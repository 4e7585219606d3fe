"""A whole HSDS package taken in, batch by batch, as a spreadsheet is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from copbot.imports.files.jobs import take_readings
from copbot.imports.files.service import Report
from copbot.imports.hsds import package
from copbot.imports.hsds.rules import readings
from copbot.program.profile import Profile
from copbot.store import Store


@dataclass(frozen=True)
class PackageImport:
    """A package's import. `id` undoes it; 0 for a dry run. `problems` are sentences about what was left out."""

    id: int
    report: Report
    encoding: str
    problems: tuple[str, ...]


def take_package(
    store: Store,
    path: Path,
    *,
    by: str,
    profile: Profile,
    now: Callable[[], datetime],
    publish: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    pause: float = 0.0,
) -> PackageImport:
    """Take in the services of a package. Raises `Unreadable` before anything is taken."""
    read = package.read(path)
    ident, report = take_readings(
        store,
        readings(read.tables, profile),
        of=len(read.tables.services),
        name=path.name,
        form="hsds",
        by=by,
        profile=profile,
        now=now,
        publish=publish,
        dry_run=dry_run,
        progress=progress,
        pause=pause,
    )
    return PackageImport(ident, report, read.encoding, read.problems)
