"""Costly things are made once, and found again."""

from __future__ import annotations

import threading

import pytest

from lab.errors import LabError
from lab.visits.shelf import Shelf

SOON = 10.0  # seconds


class Thing:
    """What can be told whether somebody still has it."""


def test_a_shelf_makes_each_once_and_forgets_the_oldest() -> None:
    shelf, made = Shelf(2), []

    def make(key: str) -> str:
        return shelf.get(key, lambda: made.append(key) or key)

    for key in "aabcbca":
        assert make(key) == key
    assert made == ["a", "b", "c", "a"]


def test_a_shelf_finds_a_thing_by_its_full_key_too() -> None:
    shelf, made = Shelf(2), []

    def get(name: str, kind: str | None) -> str:
        return shelf.get((name, kind), lambda: made.append(name) or "own", lambda own: (name, own))

    for kind in (None, "own", None):
        assert get("a", kind) == "own"
    assert made == ["a"]
    get("b", None), get("c", None)  # "a" is the oldest of three: its place is taken
    get("a", "own"), get("a", None)
    assert made == ["a", "b", "c", "a"]


def test_a_shelf_makes_other_things_meanwhile() -> None:
    shelf, gate = Shelf(2), threading.Event()
    slow = threading.Thread(target=lambda: shelf.get("slow", lambda: gate.wait(SOON)))
    slow.start()
    assert shelf.get("quick", lambda: 1) == 1
    gate.set()
    slow.join(SOON)


def test_a_failed_making_is_tried_again() -> None:
    shelf = Shelf(2)
    with pytest.raises(LabError):
        shelf.get("x", lambda: (_ for _ in ()).throw(LabError("no")))
    assert shelf.get("x", lambda: 2) == 2


def test_what_somebody_still_has_is_not_made_again() -> None:
    shelf = Shelf(1)
    in_use = shelf.get("a", Thing)
    shelf.get("b", Thing)  # takes its place
    assert shelf.get("a", Thing) is in_use


def test_what_nobody_has_any_more_is_gone() -> None:
    shelf, made = Shelf(1), []

    def make() -> Thing:
        made.append("thing")
        return Thing()

    for key in "aba":
        shelf.get(key, make)
    assert len(made) == 3


def test_a_shelf_that_shrinks_keeps_what_was_used_last() -> None:
    shelf, made = Shelf(3), []
    for key in "abca":
        shelf.get(key, lambda key=key: made.append(key) or key)
    shelf.shrink()
    for key in "ab":
        shelf.get(key, lambda key=key: made.append(key) or key)
    assert made == ["a", "b", "c", "b"]


def test_each_making_is_told_once_it_is_found_by_others() -> None:
    found = []
    shelf = Shelf(2, lambda: found.append(shelf.get("a", Thing)))
    assert found == [shelf.get("a", Thing)]
