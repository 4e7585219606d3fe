"""Aliases of tables that threads share are complete before there are threads.

SQLAlchemy fills an alias in at its first use. Two threads that use one for the first time at once get columns of the
table itself in its place, and a statement that is built once keeps them: no message of a thread was sent any more.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

UNUSED = """
import sys
import copbot.app
from sqlalchemy import inspect
from sqlalchemy.orm.util import AliasedClass

for name, module in sorted(sys.modules.items()):
    for key, value in vars(module).items() if name.startswith("copbot.") else ():
        if isinstance(value, AliasedClass) and not set(vars(value)) & set(inspect(value).mapper.columns.keys()):
            print(name, key)
"""


def test_each_alias_of_a_module_has_been_used_when_its_module_is_there() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", UNUSED], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
