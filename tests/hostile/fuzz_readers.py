"""Looks for bytes that a reader does not answer, led by the code they reach (atheris).

    PYTHONPATH=. python tests/hostile/fuzz_readers.py -max_total_time=60
    PYTHONPATH=. READER=.zip python tests/hostile/fuzz_readers.py -max_total_time=60

One reader, or all in turn by the input's first byte; the input is what has become of bytes that
it reads well. The options are libFuzzer's. An input that is not answered is written to crash-*.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["lab", "zipfile", "csv", "json", "PIL"]):
    from tests.hostile.entry_points import is_answered, model_readers, upload_readers


def main() -> None:
    """Fuzzes until libFuzzer's options say stop."""
    warnings.simplefilter("ignore")
    home = tempfile.TemporaryDirectory()
    folder = Path(home.name)
    (folder / "models").mkdir()
    readers = {**upload_readers(), **model_readers(folder / "models")}
    chosen = os.environ.get("READER")
    names = [chosen] if chosen else list(readers)

    def test_one(data: bytes) -> None:
        if data:
            is_answered(readers[names[data[0] % len(names)]][0], data[1:], folder)

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, name in enumerate(names):
        (corpus / f"{number}").write_bytes(bytes([number]) + readers[name][1])
    atheris.Setup([*sys.argv, str(corpus)], test_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
