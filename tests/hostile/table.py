"""TABLE.md: what is expected of every hostile input, as people read it."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from tests.hostile.cases import CASES, Case, Outcome

AREAS = ("ZIP", "Picture", "Table", "JSON Lines", "Folder", "Parquet", "Checkpoint", "Adapter")
KINDS = ("zip", "zip64", "picture", "table", "json", "parquet")
KINDS += ("checkpoint", "settings", "adapter", "loralib")
for kind in KINDS:
    import_module(f"tests.hostile.{kind}_cases")  # each adds its cases
CASES.sort(key=lambda case: AREAS.index(case.area))
TABLE = Path(__file__).with_name("TABLE.md")
HEAD = """# Hostile inputs

What the lab does with each. `tests/hostile/test_table.py` makes every one, reads it, and holds this
table to what came of it: nothing else is raised, nothing is written, nothing is fetched, no pickle
is opened, and each ends within seconds and half a GB of memory.

*refused*: nothing of it is used, and the visitor reads the sentence. *row left out*: the row's pair
is left out for the reason given, and the rest is read. *read*: it is read rightly, as shown.

| area | input | what happens | the lab says, or reads |
|---|---|---|---|
"""


def row(case: Case, outcome: Outcome) -> str:
    """The line of the table."""
    # What a library says of broken files changes with its version.
    says = re.sub(r"\(.*\)(?=; (save|export|mend))", "(…)", outcome.says)
    cells = (case.area, case.what, outcome.happens, says)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def read_table() -> dict[tuple[str, str], str]:
    """(area, input) -> its line, in the table's order."""
    lines = TABLE.read_text("utf-8").splitlines() if TABLE.exists() else []
    rows = [line for line in lines if line.startswith("| ")][1:]
    return {tuple(line[2:].split(" | ")[:2]): line for line in rows}
