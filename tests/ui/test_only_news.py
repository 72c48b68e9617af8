"""A page is told what is new, and now and then that nothing is."""

from __future__ import annotations

import pytest

from lab.ui import updates


def test_what_was_said_is_not_said_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [{"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}, {"a": 1}]
    assert list(updates.only_news(answers)) == [{"a": 1}, {"a": 2}, {"a": 1}]
    assert list(updates.only_news([])) == []
    assert list(updates.only_news([{}])) == [{}]


def test_a_long_silence_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "LONGEST_SILENCE", -1.0)
    assert list(updates.only_news([{"a": 1}] * 3)) == [{"a": 1}] * 3
