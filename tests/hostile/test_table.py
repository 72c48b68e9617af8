"""Every hostile input of TABLE.md ends as the table says, in bounded time and memory.

TABLE.md holds what is expected; `cases` and its neighbours hold how each input is made. After a
sentence was changed on purpose, `PYTHONPATH=. python tests/hostile/write_table.py` writes the
table anew, to be read before it is committed.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.hostile.cases import CASES, Case
from tests.hostile.table import TABLE, read_table, row
from tests.hostile.watch import listen, peak_bytes, restart_peak

EXPECTED = read_table()
SECONDS = 10  # of one processor
MEMORY = 512 << 20  # bytes more than before


# Pillow warns of damaged EXIF and of sizes; lab.data.images filters that, but pytest's own
# filters come first.
@pytest.mark.filterwarnings("ignore::UserWarning:PIL", "ignore::RuntimeWarning:PIL")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.area}: {case.what}")
def test_a_hostile_input_ends_as_the_table_says(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "upload"
    folder.mkdir()
    path = case.make(folder)
    before = sorted(tmp_path.rglob("*"))
    start, memory = time.process_time(), restart_peak()
    with listen() as heard:
        outcome = case.end(path)
    assert time.process_time() - start < SECONDS
    assert peak_bytes() - memory < MEMORY
    assert not heard
    assert sorted(tmp_path.rglob("*")) == before
    assert row(case, outcome) == EXPECTED.get((case.area, case.what))
    assert str(tmp_path) not in outcome.says
    assert outcome.says.isprintable()


def test_the_table_names_each_input_once_and_no_other() -> None:
    made = [(case.area, case.what) for case in CASES]
    assert list(EXPECTED) == made
    assert len(TABLE.read_text("utf-8").splitlines()) - len(set(made)) < 20
