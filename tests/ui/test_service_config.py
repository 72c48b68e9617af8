"""The service's limits and logins, as the environment sets them."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.memory import find_all
from lab.ui.serving.login import Login, read_login
from lab.visits.service_config import FOR_STRANGERS, MB, OWN_MACHINE, ServiceConfig, read_service

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("defaults", [OWN_MACHINE, FOR_STRANGERS])
def test_an_environment_that_says_nothing_changes_nothing(defaults: ServiceConfig) -> None:
    assert read_service({"LAB_RUNS": "runs", "LAB_TRAININGS": " "}, defaults) == defaults


def test_each_limit_can_be_set() -> None:
    asked = {f"LAB_{field.name.upper()}": "70" for field in fields(ServiceConfig)}
    asked["LAB_VISITORS"] = "1000"
    read = read_service(asked, FOR_STRANGERS)
    assert {value for name, value in vars(read).items() if name != "visitors"} == {70}


def test_none_lifts_a_limit_that_can_be_lifted() -> None:
    assert read_service({"LAB_KEEP_SECONDS": "None"}, FOR_STRANGERS).keep_seconds is None
    with pytest.raises(LabError, match="file_mb = None: choose a whole number above 0"):
        read_service({"LAB_FILE_MB": "none"}, FOR_STRANGERS)


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "nan", "inf"])
def test_what_is_no_limit_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(LabError, match=r"trainings = .*above 0"):
        read_service({"LAB_TRAININGS": text}, OWN_MACHINE)


def test_those_whose_runs_are_under_way_can_all_be_remembered() -> None:
    with pytest.raises(LabError, match="more than the 65"):
        ServiceConfig(visitors=65)


def test_no_login_where_none_is_set() -> None:
    assert read_login({"LAB_USER": "", "LAB_PASSWORD": ""}) is None


def test_a_name_opens_with_its_own_password_alone(tmp_path: Path) -> None:
    file = tmp_path / "logins"
    file.write_text("ada:love:lace\n\n김:비밀\n", encoding="utf-8")
    login = read_login({"LAB_USER": "me", "LAB_PASSWORD": "mine", "LAB_LOGINS": str(file)})
    assert login("me", "mine")
    assert login("ada", "love:lace")
    assert login("김", "비밀")
    for name, word in (("me", "love:lace"), ("ada", "love"), ("", ""), ("you", "mine")):
        assert not login(name, word)
    assert not any("mine" in repr(value) for value in vars(login).values())


@pytest.mark.parametrize("text", [None, "", "no colon\n", "name:\n", ":word\n"])
def test_a_page_that_was_to_be_closed_is_not_served_open(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "logins"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(LabError, match="logins") as error:
        read_login({"LAB_LOGINS": str(file)})
    assert str(tmp_path) not in str(error.value)


@pytest.mark.parametrize("half", ["LAB_USER", "LAB_PASSWORD"])
def test_a_name_without_a_password_is_no_login(half: str) -> None:
    with pytest.raises(LabError, match="set both"):
        read_login({half: "x"})


def test_what_is_compared_has_one_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """hmac.compare_digest takes a time that depends on the lengths alone."""
    compared = []
    monkeypatch.setattr(
        "lab.ui.serving.login.hmac.compare_digest", lambda a, b: compared.append((a, b)) or a == b
    )
    login = Login({"a": "1", "bb": "22", "ccc": "333"})
    for name in ("a", "nobody" * 50):
        login(name, "1")
    assert len(compared) == 2 * 3  # with each, whether or not one has fitted
    assert len({len(digest) for pair in compared for digest in pair}) == 1


def test_the_readme_says_every_limit_and_both_defaults() -> None:
    text = README.read_text(encoding="utf-8")
    said: dict[str, tuple[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("| `LAB_"):
            names, own, strangers = (part.split(", ") for part in line.split("|")[1:4])
            for place, name in enumerate(names):
                at = (values[min(place, len(values) - 1)].strip() for values in (own, strangers))
                said[name.strip(" `")] = (*at,)
    memory = said.pop("LAB_MEMORY_MB")
    assert memory == ("none", "9/10 of the machine's")
    assert FOR_STRANGERS.memory_mb == pytest.approx(0.9 * find_all() / MB, abs=1)
    assert said == {
        f"LAB_{name.upper()}": (_say(value), _say(getattr(FOR_STRANGERS, name)))
        for name, value in vars(OWN_MACHINE).items()
        if name != "memory_mb"
    }


def _say(limit: float | None) -> str:
    return "none" if limit is None else f"{limit:.0f}"
