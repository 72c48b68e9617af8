"""Work in a thread of its own: results and errors come through, and the thread does not stay."""

from __future__ import annotations

import threading

import pytest

from lab.errors import DataError
from lab.visits.own_thread import in_own_thread


def test_the_result_comes_from_a_thread_that_is_gone() -> None:
    worker = in_own_thread(threading.current_thread)
    assert worker is not threading.current_thread()
    assert not worker.is_alive()


def test_an_error_comes_through_as_it_is() -> None:
    def fails() -> None:
        raise DataError("no pairs; add some")

    with pytest.raises(DataError, match="add some"):
        in_own_thread(fails)
