"""Writes TABLE.md anew from what happens now: PYTHONPATH=. python tests/hostile/write_table.py"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

from tests.hostile.table import CASES, HEAD, TABLE, row


def main() -> None:
    """Makes and reads every hostile input."""
    lines = []
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            lines.append(row(case, case.end(case.make(Path(folder)))))
    TABLE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
