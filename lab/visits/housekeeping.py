"""What goes by itself: visitors who left long ago with their uploads, and runs that are due."""

from __future__ import annotations

import threading
import time
import traceback
import weakref

from lab.visits.disk import remove_outdated
from lab.visits.heap import give_back
from lab.visits.laboratory import Laboratory

EVERY = 60.0  # seconds
TURNS = 12  # looks at the memory in that time


def tidy(laboratory: Laboratory) -> None:
    """Do it once. Nothing of a run that waits or trains is touched."""
    service, visitors = laboratory.service, laboratory.visitors
    if service.keep_seconds is not None:
        visitors.forget_absent(service.keep_seconds)
    known = visitors.all()
    in_use = {path.parent for visitor in known for path in visitor.uploads.values()}
    laboratory.uploads.remove_left_over(in_use)
    under_way = {job.id for visitor in known for job in visitor.jobs_under_way()}
    remove_outdated(laboratory.runs_folder, service, under_way)
    give_back()
    laboratory.make_room()


def keep_tidy(laboratory: Laboratory, every: float = EVERY) -> None:
    """Do it from now on, in the background, for as long as the laboratory is there; room in memory
    is made as soon as there is none."""
    there = weakref.ref(laboratory)

    def work() -> None:
        turn = 0
        while (here := there()) is not None:
            try:
                tidy(here) if turn % TURNS == 0 else here.make_room()
            except Exception:  # a full or failing disk now may be well the next time
                traceback.print_exc()
            turn += 1
            del here
            time.sleep(every / TURNS)

    threading.Thread(target=work, name="housekeeping", daemon=True).start()
