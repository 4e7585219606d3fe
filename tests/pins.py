"""`python -m tests.pins run.txt test.txt`: write the two requirement files from what the resolver found."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN_HEAD = "# The run-time set, pinned with hashes; made from pyproject.toml by `make pins`.\n"
TEST_HEAD = "# The test tools, on top of the run-time set.\n-r ../requirements.txt\n"


def blocks(text: str) -> dict[str, str]:
    """Each pinned package with its hashes, by name."""
    found = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
        found[re.split(r"[=\[ ;]", block)[0].lower()] = block + "\n"
    return found


def main(run: Path, test: Path) -> None:
    wanted = blocks(run.read_text())
    tools = {name: block for name, block in blocks(test.read_text()).items() if name not in wanted}
    (ROOT / "requirements.txt").write_text(RUN_HEAD + "".join(wanted.values()))
    (ROOT / "tests/requirements.txt").write_text(TEST_HEAD + "".join(tools.values()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
