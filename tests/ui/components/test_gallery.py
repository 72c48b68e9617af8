"""The components in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import gallery
import pytest
from playwright.sync_api import Page


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    page = gallery.build()
    yield gallery.launch(page, prevent_thread_lock=True)
    page.close()


def test_all_are_drawn(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#matrices .main-svg")
    assert page.locator(".lab-chart[data-state=drawn]").count() >= 10
