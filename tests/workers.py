"""What a worker process of pytest-xdist does before its first test, so that three of them cost less than three times one."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.databases import ROOT

RARELY = (700, 10, 100)
"""Oldest objects are searched for cycles ten times less often than usual: they are most of what a run holds."""


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Each worker rewrites the asserts of its share of the files; the others then find them rewritten.

    Each collects all files, in the same order and at the same time, so that without this each rewrites all.
    """
    config = session.config
    number = int(getattr(config, "workerinput", {}).get("workerid", "gw0")[2:])
    of = int(getattr(config, "workerinput", {}).get("workercount", 1))
    gc.disable()  # what is collected stays: searching it for cycles takes a third of the time, and finds none
    for path in _files(config)[number::of] if of > 1 else ():
        with suppress(Exception):  # told when it is collected
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    yield
    gc.collect()
    gc.freeze()  # the collected tests stay until the end
    gc.set_threshold(*RARELY)
    gc.enable()


def _files(config: pytest.Config) -> list[Path]:
    """Every file of tests in the folders that are asked for."""
    folders = (Path(arg).resolve() for arg in config.args if "::" not in arg)
    return sorted(path for folder in folders if folder.is_dir() for path in folder.rglob("test_*.py"))
