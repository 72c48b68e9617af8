"""What hears an event: gradio's browser code decides what may listen beside what."""

from __future__ import annotations

import json
from collections import defaultdict
from urllib.request import urlopen

from playwright.sync_api import Page, Request, expect

from tests.ui.conftest import SOON

LOADED = 120_000  # milliseconds
QUIET = 3_000  # milliseconds


def test_a_listener_that_waits_for_its_last_event_hears_it_alone(address: str) -> None:
    """When such a listener ends, gradio sends the event that it missed to all that hear it.

    Two of them would wake each other without end: the page would ask the server for ever.
    """
    with urlopen(f"{address}config") as answer:
        config = json.load(answer)
    listeners: dict[tuple[int, str], list[str]] = defaultdict(list)
    for dependency in config["dependencies"]:
        for target, event in dependency["targets"]:
            if target is not None:
                listeners[target, event].append(dependency["trigger_mode"])
    assert any("always_last" in modes for modes in listeners.values())
    crowded = [modes for modes in listeners.values() if len(modes) > 1]
    assert not [modes for modes in crowded if "always_last" in modes]


def test_a_page_that_was_ticked_quickly_falls_silent(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(_named(request)))
    page.goto(address)
    expect(page.locator("#maps .main-svg").first).to_be_visible(timeout=LOADED)
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)
    boxes = page.locator("#layers input[type=checkbox]").all()
    for ticked in (False, True, False):
        for box in boxes:
            box.set_checked(ticked)
    expect(page.locator("#totals .lab-note-error")).to_be_visible(timeout=SOON)
    page.wait_for_timeout(QUIET)
    before = asked.count("join")
    page.wait_for_timeout(QUIET)
    assert asked.count("join") == before


def _named(request: Request) -> str:
    return request.url.partition("?")[0].rpartition("/")[2]
