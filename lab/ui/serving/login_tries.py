"""How often a password may be guessed: after some wrong tries for a name, further ones wait.

    wrong tries for a name     1  2  3  4  5  6  7  8  ...  14  15
    then refused for [s]       0  0  0  0  1  2  4  8  ... 300 300

The wrong tries that cost nothing are shared: once there were 20 over all names, each name has one
that costs nothing, not four. So one password tried on every name of a class is soon slow as well.

What is bounded is guesses for a name, whoever sends them: 12 an hour in the long run. Addresses
do not count, since those behind a proxy are alike and an attacker has many. The price: who keeps
guessing at a name keeps its owner from logging in meanwhile; those who are in stay in. An attack
on one name never closes another, whose first try is compared at all times, and nothing is closed
for longer than `LONGEST_WAIT` after an attack ends. Names that the lab does not know are not
counted: they take no memory, and since every refusal is alike nobody learns which names there are
to attack.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

FREE, FREE_UNDER_ATTACK = 4, 1  # wrong tries for a name after which nobody waits
ATTACK = 20  # wrong tries over all names from which on fewer are free
LONGEST_WAIT = 300.0  # seconds
FORGOTTEN_AFTER = 3600.0  # seconds without a wrong try


@dataclass(frozen=True)
class WrongTries:
    """Those in a row: how many, and when the last one was."""

    count: int = 0
    last: float = float("-inf")  # seconds, of any clock

    def after(self, now: float) -> WrongTries:
        """With one more; those of long ago are forgotten."""
        return WrongTries(self.at(now) + 1, now)

    def at(self, now: float) -> int:
        """How many still count."""
        return self.count if now - self.last < FORGOTTEN_AFTER else 0


def wait_after(wrong: int, free: int = FREE) -> float:
    """Seconds for which tries are refused: 1 after the first that is not free, then doubled."""
    if wrong <= free:
        return 0.0
    return min(2.0 ** min(wrong - free - 1, 60), LONGEST_WAIT)


class LoginTries:
    """The wrong tries for each known name, and for all of them together."""

    def __init__(self, names: Iterable[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong = {name: WrongTries() for name in names}
        self._all = WrongTries()

    def may_try(self, name: str) -> bool:
        """Whether a password for this name is compared now."""
        if name not in self._wrong:
            return True
        now, wrong = self._clock(), self._wrong[name]
        free = FREE_UNDER_ATTACK if self._all.at(now) >= ATTACK else FREE
        return now - wrong.last >= wait_after(wrong.at(now), free)

    def note(self, name: str, was_right: bool) -> None:
        """Count a try that was compared; a right one clears its name."""
        if name not in self._wrong:
            return
        now = self._clock()
        self._wrong[name] = WrongTries() if was_right else self._wrong[name].after(now)
        self._all = self._all if was_right else self._all.after(now)
