"""Thirty visitors at once: real clients on loopback against a real server, served as to strangers.

    PYTHONPATH=. python tests/benchmarks/load.py [SECONDS] [VISITORS]

Each visitor uploads pairs of their own, queues small runs one after another, watches them, and
meanwhile looks at the page and moves a slider, with a few seconds between. Stated limits (the
queue, one run at a time) are answers; anything else that is refused is an error. Afterwards:
whether every finished run that is to be kept is on disk and whole, and the server's memory,
threads and open files beside those after a single visit before. Linux, for /proc.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.runs import RUN_NAME, read_run
from lab.visits.service_config import FOR_STRANGERS
from tests.benchmarks.machine import describe_machine
from tests.ui.raw_http import RawVisitor
from tests.ui.serve import serve

PAIRS = "en,ko\n" + "".join(f"caption {i} of my own,나의 글 {i}\n" for i in range(48))
FORM = {"model": "tiny-bert", "rank": 2, "epochs": 2, "batch": 8, "control": "none"}
QUIET = 90  # seconds for the server to let go of what it held, before it is looked at again
ANSWERED = 60.0  # seconds after which a browser would have given up


@dataclass
class Seen:
    """What all visitors met with. Times in seconds; finished: runs of each."""

    pages: list[float] = field(default_factory=list)
    sliders: list[float] = field(default_factory=list)
    finished: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    errors: list[str] = field(default_factory=list)


def fill(visitor: RawVisitor, **values: Any) -> list[Any]:
    """The form's values as the page would send them."""
    row = next(row for row in visitor.config["dependencies"] if row["api_name"] == "on_choose")
    parts = {part["id"]: part["props"] for part in visitor.config["components"]}
    chosen = {**FORM, **values}
    fields = [parts[key] for key in row["inputs"][3:]]
    return [chosen.get(part.get("elem_id"), part.get("value")) for part in fields]


def visit(address: str, name: str, seen: Seen, ends: float, think: random.Random) -> None:
    """Upload, then run and watch until the time is over; a second thread browses meanwhile."""
    visitor = RawVisitor(address)
    (path,) = visitor.upload(name, PAIRS.encode())
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    visitor.last("on_upload", visitor.id, None, None, file, *fill(visitor))
    browsing = threading.Thread(target=guarded, args=(browse, address, name, seen, ends, think))
    browsing.start()
    run(visitor, name, seen)
    while time.monotonic() < ends:
        visitor.heard.clear()
        time.sleep(think.uniform(1, 5))
        run(visitor, name, seen)
    browsing.join()


def run(visitor: RawVisitor, name: str, seen: Seen) -> None:
    """One small run from the click to its files."""
    values = fill(visitor, pairs=name, layers=["query"])
    status = str(visitor.last("on_start", visitor.id, *values).get("status"))
    if "error" in status:
        seen.refused += 1
        return
    shown = visitor.last("on_watch", visitor.id)
    if "error" in str(shown.get("status")):
        seen.errors.append(f"{name}: {shown['status']}")
    else:
        seen.finished[name] += 1


def browse(address: str, name: str, seen: Seen, ends: float, think: random.Random) -> None:
    """Open the page, choose, and move the rank's slider, again and again."""
    visitor = RawVisitor(address)
    while time.monotonic() < ends:
        seen.pages.append(timed(lambda: visitor.get("")))
        rank = think.choice((2, 4, 8))
        values = fill(visitor, rank=rank)
        seen.sliders.append(timed(lambda v=values: visitor.last("on_count", visitor.id, None, *v)))
        visitor.heard.clear()
        time.sleep(think.uniform(2, 8))


def timed(ask: Callable[[], object]) -> float:
    """Seconds that an answer takes."""
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def guarded(work: Callable[..., None], *arguments: Any) -> None:
    """An error of one visitor is noted, and the others go on."""
    seen = next(argument for argument in arguments if isinstance(argument, Seen))
    try:
        work(*arguments)
    except Exception as error:  # whatever it is, it is what is looked for
        seen.errors.append(f"{type(error).__name__}: {error}"[:300])


def ask_for_page(address: str) -> None:
    """As a health check does every 30 s: idle threads of the web server's pool end with work."""
    with urllib.request.urlopen(address) as answer:
        answer.read()
    time.sleep(1)


@dataclass(frozen=True)
class State:
    """What the server holds: memory in MB, threads, open files."""

    memory: float
    threads: int
    files: int


def look_at(process: int) -> State:
    """From /proc."""
    home = Path(f"/proc/{process}")
    lines = dict(line.split(":", 1) for line in (home / "status").read_text().splitlines())
    memory = int(lines["VmRSS"].split()[0]) / 1024
    return State(memory, int(lines["Threads"]), len(list((home / "fd").iterdir())))


def children() -> Iterator[int]:
    """This process's own."""
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            yield from map(int, (task / "children").read_text().split())


def count_whole(runs: Path) -> int:
    """Finished runs on disk that can be read back."""
    return sum(bool(read_run(file.parent).steps()) for file in runs.glob(f"*/{RUN_NAME}"))


def leftovers(runs: Path) -> list[str]:
    """Files that are half written."""
    return [str(path.relative_to(runs)) for path in runs.rglob("*.partial*")]


def main(seconds: float, visitors: int) -> None:
    """Print what was met with."""
    print(describe_machine(), f"{visitors} visitors, {seconds:g} s\n", flush=True)
    with tempfile.TemporaryDirectory() as home:
        runs = Path(home) / "runs"
        settings = {"LAB_PUBLIC": "1", "TMPDIR": home, "GRADIO_TEMP_DIR": f"{home}/gradio"}
        with serve(runs, **settings) as address:
            (server,) = children()
            first = Seen()
            guarded(visit, address, "first.csv", first, time.monotonic() + 1, random.Random(0))
            time.sleep(10)  # UMAP compiles behind the first visit
            before = look_at(server)
            seen = Seen()
            ends = time.monotonic() + seconds
            crowd = [
                threading.Thread(
                    target=guarded,
                    args=(visit, address, f"mine-{i}.csv", seen, ends, random.Random(i)),
                )
                for i in range(visitors)
            ]
            for thread in crowd:
                thread.start()
            for thread in crowd:
                thread.join()
            time.sleep(QUIET)
            ask_for_page(address)
            tell(seen, first, before, look_at(server), runs)


def tell(seen: Seen, first: Seen, before: State, after: State, runs: Path) -> None:
    """The figures, one a line."""
    said = seen.finished + first.finished
    kept = sum(min(count, FOR_STRANGERS.runs_kept) for count in said.values())
    print(f"runs said to be finished {said.total()}; to be kept {kept}, whole on disk", end=" ")
    print(count_whole(runs))
    print(f"refused by a stated limit {seen.refused}, errors {len(seen.errors + first.errors)}")
    for error in (first.errors + seen.errors)[:10]:
        print("   ", error)
    for name, times in (("page", seen.pages), ("slider", seen.sliders)):
        p95 = statistics.quantiles(times, n=20)[-1]
        middle, most = statistics.median(times), max(times)
        print(
            f"{name}: {len(times)} answers, median {middle:.2f}, p95 {p95:.2f}, most {most:.2f} s"
        )
    share = after.memory / before.memory
    print(f"memory {before.memory:.0f} MB -> {after.memory:.0f} MB ({share:.2f})")
    print(
        f"threads {before.threads} -> {after.threads}, open files {before.files} -> {after.files}"
    )
    print(f"half-written files {leftovers(runs)}")


if __name__ == "__main__":
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    given = [float(value) for value in sys.argv[1:]]
    main(given[0] if given else 600, int(given[1]) if len(given) > 1 else 30)
