"""What the page costs: streaming a run's loss, and answers while UMAP compiles behind them.

    PYTHONPATH=. python tests/benchmarks/page_cost.py

Streaming: the default pairs for an epoch with a page that watches; the processor time of what the
page's handler does and of turning its answers into JSON, over the time the training takes. Answers:
the handler of the rank's slider, again and again, while `warm_up` compiles in a thread of its own,
and before.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import threading
import time
from pathlib import Path

from lab.analysis.projection import warm_up
from lab.ui.events.run_watch import RunWatcher
from lab.ui.form import form_fields
from lab.ui.handlers import Handlers
from lab.ui.selection import Selection
from lab.visits.laboratory import Laboratory
from tests.benchmarks.machine import describe_machine

FORM = {"model": "tiny-clip", "pairs": "shapes-ko", "bias": "none", "control": "auto"}


def open_page(handlers: Handlers) -> tuple[str, Selection, list]:
    """A visitor with the default choice loaded: id, selection, the form's values."""
    visitor, selection, form = handlers.on_open("")["visitor"], Selection(), dict(FORM)
    blank = {"r": 8, "alpha": 16, "epochs": 1, "batch_size": 64}
    blank |= {"learning_rate": 1e-3, "temperature": 0.07}
    values = [{**blank, **form}.get(name) for name in form_fields()]
    for updates in handlers.on_choose(visitor, selection, None, *values):
        for name, update in updates.items():
            if name in form_fields():
                plain = update.get("value") if isinstance(update, dict) else update
                form |= {name: plain} if plain is not None else {}
    return visitor, selection, [{**blank, **form}.get(name) for name in form_fields()]


def time_answers(handlers: Handlers, page: tuple, until: threading.Event, most: int) -> list[float]:
    """Seconds of each answer."""
    visitor, selection, values = page
    seconds: list[float] = []
    while not until.is_set() and len(seconds) < most:
        began = time.perf_counter()
        handlers.on_rank(visitor, selection, *values)
        seconds.append(time.perf_counter() - began)
    return seconds


def measure_answers(handlers: Handlers, page: tuple) -> None:
    """Print the answers' times, alone and beside the warm-up."""
    alone = time_answers(handlers, page, threading.Event(), 20)
    done = threading.Event()
    threading.Thread(target=lambda: (warm_up(), done.set()), daemon=True).start()
    beside = time_answers(handlers, page, done, 10_000)
    print("| answers of the rank's slider | median | slowest of 20 | asked |\n|---|---|---|---|")
    for name, seconds in (("alone", alone), ("while UMAP compiles", beside)):
        slow = sorted(seconds)[int(0.95 * len(seconds))]
        print(f"| {name} | {statistics.median(seconds):.3f} s | {slow:.3f} s | 0.3 s |", flush=True)


def measure_streaming(handlers: Handlers, laboratory: Laboratory, page: tuple) -> None:
    """Print the watching's share of the training."""
    visitor, _, values = page
    handlers.on_start(visitor, *values)
    spent, answers = time.thread_time(), 0
    for updates in RunWatcher(laboratory).on_watch(visitor):
        shown = {name: updates[name] for name in ("status", "loss") if name in updates}
        json.dumps(shown)
        answers += 1
        if laboratory.visitor(visitor).job.snapshot().result is not None:
            break
    spent = time.thread_time() - spent
    result = laboratory.visitor(visitor).job.snapshot().result
    training = result.outcome.seconds["training"]
    print(
        f"\n| training | answers | processor time of streaming | share | asked |\n"
        f"|---|---|---|---|---|\n"
        f"| {training:.1f} s | {answers} | {spent:.2f} s | {spent / training:.2%} | 3% |"
    )


def main() -> None:
    """Print both tables."""
    print(describe_machine(), "\n")
    Handlers._warm_up = lambda self: None  # it is started here, when its time is measured
    with tempfile.TemporaryDirectory() as scratch:
        laboratory = Laboratory(Path(scratch))
        handlers = Handlers(laboratory)
        page = open_page(handlers)
        measure_answers(handlers, page)
        measure_streaming(handlers, laboratory, page)


if __name__ == "__main__":
    main()
