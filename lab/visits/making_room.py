"""Where memory is tight: what is let go of, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lab.memory import find_held
from lab.visits.heap import give_back
from lab.visits.prepared import Prepared
from lab.visits.service_config import MB
from lab.visits.visitors import Visitor

# Of the limit. What is left above is for what is under way, and for those who look at a result.
TIGHT, FULL = 0.6, 0.85


def make_room(
    most_mb: int | None,
    prepared: Prepared,
    visitors: Sequence[Visitor],
    is_here: Callable[[Visitor], bool],
) -> None:
    """Let go of what was kept until less than a share of `most_mb` is held.

    First what is free already, then what can be made anew, then the results of those who were away
    longest: their files are on disk. A result that somebody may be looking at goes only when there
    is next to nothing left. Whoever works with something at this moment has it until they are done.
    """
    if most_mb is None:
        return

    def is_above(share: float) -> bool:
        return find_held() > share * most_mb * MB

    for let_go in (lambda: None, prepared.shrink):
        if is_above(TIGHT):
            let_go()
            give_back()
    for visitor in sorted(visitors, key=lambda visitor: visitor.seen_at):
        if is_above(FULL if is_here(visitor) else TIGHT) and visitor.let_go():
            give_back()
