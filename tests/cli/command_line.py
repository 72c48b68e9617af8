"""`python -m lab`, called in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from lab.cli.main import main


@dataclass(frozen=True)
class Answer:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The last line of stderr: what went wrong."""
        return self.err.splitlines()[-1]


Lab = Callable[..., Answer]


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> Answer:
    """Run one command; argparse's exits count as the command's."""
    capsys.readouterr()
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as exit_:
        code = exit_.code
    out, err = capsys.readouterr()
    return Answer(code, out, err)
