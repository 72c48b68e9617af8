"""Progress: one rewritten line on a terminal, few plain lines in a log."""

from __future__ import annotations

import io
import re
from typing import get_args

import pytest

from lab.cli.progress import LOG_EVERY, WORDS, ProgressPrinter
from lab.progress import Progress, Stage
from lab.training.loop import TrainStep


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Gone(io.StringIO):
    """A pipe whose reader has left."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def step(number: int, steps: int = 10, seconds_left: float = 200) -> TrainStep:
    return TrainStep(number, steps, 1, 2.5, 1e-3, 1.0, 0.07, 1.0, seconds_left)


EVENTS = [
    Progress("model"),
    *(Progress("baseline", share) for share in (None, 0.5, 1.0)),
    *(step(number) for number in range(1, 11)),
    Progress("comparing"),
]


def show(stream: io.StringIO) -> str:
    with ProgressPrinter(stream) as printer:
        for event in EVENTS:
            printer(event)
    return stream.getvalue()


def test_terminal_shows_one_rewritten_line_a_stage() -> None:
    text = show(Terminal())
    lines = text.removesuffix("\n").split("\n")
    assert text.endswith("\n")
    assert [line.rsplit("\x1b[K", 1)[1].split(" ")[0] for line in lines] == [
        WORDS[stage].split(" ")[0] for stage in ("model", "baseline", "training", "comparing")
    ]
    training = lines[2].split("\r\x1b[K")[1:]
    assert len(training) == 10
    assert "step 10/10" in training[-1]
    assert "3 min 20 s left" in training[-1]
    full = [shown.count("█") for shown in training]
    assert full == sorted(full)
    assert training[-1].count("░") == 0


@pytest.mark.parametrize("columns", [20, 60, 200])
def test_terminal_line_never_wraps(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = re.split(r"\n|\r\x1b\[K", show(Terminal()))
    assert all(len(line) < columns for line in shown)
    assert any("step 10/10" in line for line in shown) == (columns == 200 or columns == 60)


def test_log_gets_plain_lines_and_few() -> None:
    text = show(io.StringIO())
    assert not {"\r", "\x1b", "█"} & set(text)
    lines = text.splitlines()
    training = [line for line in lines if line.startswith(WORDS["training"])]
    assert [line.split(", ")[0].split()[-1] for line in training] == ["1/10", "10/10"]
    assert lines[-1] == WORDS["comparing"]


def test_log_says_something_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(LOG_EVERY / 3 * tick for tick in range(100))
    monkeypatch.setattr("lab.cli.progress.time.monotonic", lambda: next(now))
    stream = io.StringIO()
    printer = ProgressPrinter(stream)
    for number in range(1, 10):
        printer(step(number))
    assert 2 < len(stream.getvalue().splitlines()) < 9


@pytest.mark.parametrize("make", [Terminal, io.StringIO])
def test_said_line_stands_alone(make: type[io.StringIO]) -> None:
    stream = make()
    with ProgressPrinter(stream) as printer:
        printer(step(1))
        printer.say("note: this stays")
        printer(step(2))
    assert "note: this stays" in stream.getvalue().split("\n")


def test_gone_reader_does_not_end_the_run() -> None:
    show(Gone())


def test_every_stage_has_words() -> None:
    assert set(get_args(Stage)) <= set(WORDS)
