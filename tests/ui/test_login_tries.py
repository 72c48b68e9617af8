"""A password cannot be guessed at a machine's speed, and nobody is locked out for good."""

from __future__ import annotations

import inspect
import time
import urllib.error
import urllib.parse
import urllib.request
from itertools import pairwise
from pathlib import Path

import pytest

from lab.ui.serving.login import Login
from lab.ui.serving.login_tries import (
    ATTACK,
    FORGOTTEN_AFTER,
    FREE,
    LONGEST_WAIT,
    LoginTries,
    WrongTries,
    wait_after,
)
from tests.ui.serve import serve

CLASS = {f"pupil{i}": f"word{i}" for i in range(30)}
DAY = 24 * 3600


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tries(clock: Clock) -> LoginTries:
    return LoginTries(CLASS, clock)


@pytest.fixture
def login(tries: LoginTries) -> Login:
    return Login(CLASS, tries)


def guess(tries: LoginTries, name: str, seconds: int, clock: Clock) -> int:
    """How many of an attacker's guesses are compared who sends ten a second."""
    compared = 0
    for _ in range(seconds * 10):
        clock.now += 0.1
        if tries.may_try(name):
            tries.note(name, was_right=False)
            compared += 1
    return compared


def test_a_few_wrong_tries_cost_nothing_and_further_ones_ever_more() -> None:
    waits = [wait_after(wrong) for wrong in range(100)]
    assert waits[: FREE + 1] == [0.0] * (FREE + 1)
    assert all(
        later == min(2 * earlier, LONGEST_WAIT) for earlier, later in pairwise(waits[FREE + 1 :])
    )
    assert wait_after(10**9) == LONGEST_WAIT


def test_an_hour_of_guessing_is_a_dozen_guesses(tries: LoginTries, clock: Clock) -> None:
    guess(tries, "pupil1", 3600, clock)
    assert guess(tries, "pupil1", 3600, clock) == 3600 / LONGEST_WAIT


@pytest.mark.parametrize("burst", range(1, 20))
def test_patience_gains_an_attacker_nothing(tries: LoginTries, clock: Clock, burst: int) -> None:
    """So many guesses as fast as they are let, then quiet until all is forgotten, for a day."""
    begin, compared = clock.now, 0
    while clock.now - begin < DAY:
        for _ in range(burst):
            while not tries.may_try("pupil1"):
                clock.now += 1.0
            tries.note("pupil1", was_right=False)
            compared += 1
        clock.now += FORGOTTEN_AFTER
    assert compared / (clock.now - begin) < 1.05 / LONGEST_WAIT


def test_the_right_password_waits_too_and_is_let_in_afterwards(login: Login, clock: Clock) -> None:
    """Else the wait would bound no guesses."""
    for _ in range(FREE + 1):
        assert not login("pupil1", "guess")
    assert not login("pupil1", "word1")
    clock.now += 1.0
    assert login("pupil1", "word1")
    assert [login("pupil1", "guess") for _ in range(FREE)] == [False] * FREE
    assert login("pupil1", "word1")  # the right one has cleared the count


def test_what_is_refused_while_waiting_does_not_lengthen_the_wait(
    login: Login, clock: Clock
) -> None:
    for _ in range(1000):
        login("pupil1", "guess")
    clock.now += 1.0
    assert login("pupil1", "word1")


def test_after_an_attack_its_name_opens_soon(login: Login, tries: LoginTries, clock: Clock) -> None:
    guess(tries, "pupil1", 7200, clock)
    clock.now += LONGEST_WAIT
    assert login("pupil1", "word1")


def test_an_attack_closes_no_name_but_its_own(
    login: Login, tries: LoginTries, clock: Clock
) -> None:
    for name in list(CLASS)[1:]:
        guess(tries, name, 60, clock)
    assert login("pupil0", "word0")


def test_one_password_on_every_name_is_slow_as_well(login: Login) -> None:
    compared = 0
    for word in ("123456", "password", "word29"):
        for name in CLASS:
            compared += login._tries.may_try(name)
            login(name, word)
    assert ATTACK < compared <= 2 * len(CLASS)


def test_a_slip_under_attack_costs_a_second(login: Login, tries: LoginTries, clock: Clock) -> None:
    for name in list(CLASS)[1:]:
        guess(tries, name, 60, clock)
    assert not login("pupil0", "wrod0")
    assert login("pupil0", "word0")
    for _ in range(2):
        login("pupil0", "wrod0")
    assert not login("pupil0", "word0")
    clock.now += 1.0
    assert login("pupil0", "word0")


def test_invented_names_take_no_memory_and_look_like_any_other(
    login: Login, tries: LoginTries
) -> None:
    kept = dict(vars(tries)), set(tries._wrong)
    for i in range(1000):
        assert not login(f"invented{i}", "word1")
    assert (dict(vars(tries)), set(tries._wrong)) == kept
    assert tries._all == WrongTries()
    assert login("pupil1", "word1")


def test_gradio_calls_a_plain_function() -> None:
    """The coroutine of an async one would be taken for a yes."""
    assert not inspect.iscoroutinefunction(Login.__call__)


def post(address: str, name: str, password: str) -> int:
    form = urllib.parse.urlencode({"username": name, "password": password}).encode()
    try:
        with urllib.request.urlopen(f"{address}login", form, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_served_page_refuses_for_a_while_and_says_so(tmp_path: Path) -> None:
    with serve(tmp_path / "runs", LAB_USER="me", LAB_PASSWORD="mine") as address:
        with urllib.request.urlopen(address, timeout=60) as page:
            text = page.read().decode()
        assert "right ones too" in text
        assert "최대 5분" in text
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{address}config", timeout=60)
        assert [post(address, "me", "guess") for _ in range(FREE + 1)] == [400] * (FREE + 1)
        begin = time.monotonic()
        assert post(address, "me", "mine") == 400 or time.monotonic() - begin > 1.0
        while (status := post(address, "me", "mine")) != 200 and time.monotonic() < begin + 30:
            time.sleep(0.2)
        assert status == 200
