"""A real browser for the page's tests: a page that errs or asks another machine fails its test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.ui.serve import serve

# The server and the browser must find each other also where a proxy is set.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

SOON = 20_000  # milliseconds, on machines that have other things to do
expect.set_options(timeout=SOON)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")  # as in the Makefile
ARGUMENTS = (
    "--no-sandbox",  # containers run the tests as root
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
# What gradio logs when a page is left while an answer is still coming in: it closes the stream, and
# where the next page takes its time, opens another for a session that the server has let go.
CUT_STREAM = (
    "AbortError",
    "Connection errored out",
    "Unexpected error 404",
    "ERR_INCOMPLETE_CHUNKED_ENCODING",
    "TypeError: network error",
)
HERE = ("127.0.0.1", "localhost")


class Watch:
    """What went wrong on a page: its errors, and its requests to other machines."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        self.leaves_streams = False  # a test that reloads while the server streams sets this
        page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        page.on("console", self._hear)
        page.on("request", lambda request: self._follow(request.url))

    def _hear(self, message: ConsoleMessage) -> None:
        if self.leaves_streams and any(text in message.text for text in CUT_STREAM):
            return
        if message.type == "error":
            self.troubles.append(f"console: {message.text} ({message.location.get('url')})")

    def _follow(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in HERE:
            self.troubles.append(f"request to another machine: {url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium if there is one, else Playwright's own."""
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, BROWSERS)), None)
        launched = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the real page is served: one lab for all visits, as visitors share one."""
    with serve(tmp_path_factory.mktemp("lab") / "runs") as served:
        yield served


@pytest.fixture(scope="session")
def browser_of(browser: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """Locale -> a browser 1280 pixels wide, which keeps what it has loaded.

    With an empty cache every script is packed, sent and compiled anew: two seconds of CPU.
    """
    known: dict[str, BrowserContext] = {}

    def find(locale: str) -> BrowserContext:
        if locale not in known:
            size = {"width": 1280, "height": 900}
            known[locale] = browser.new_context(viewport=size, locale=locale)
            known[locale].set_default_timeout(SOON)
        return known[locale]

    yield find
    for used in known.values():
        used.close()


@contextmanager
def fresh(visitor: BrowserContext) -> Iterator[BrowserContext]:
    """The browser as a visitor has it who never was here: afterwards it has no page, no cookie and
    nothing in storage."""
    yield visitor
    last = visitor.new_page()
    for page in visitor.pages:
        if page != last:
            page.close()
    everything = {"origin": "*", "storageTypes": "all"}
    visitor.new_cdp_session(last).send("Storage.clearDataForOrigin", everything)
    visitor.clear_cookies()
    last.close()


@pytest.fixture
def context(browser_of: Callable[[str], BrowserContext]) -> Iterator[BrowserContext]:
    """A fresh visitor with an English browser."""
    with fresh(browser_of("en-GB")) as visitor:
        yield visitor


@pytest.fixture
def watch(context: BrowserContext) -> Iterator[Watch]:
    """A watched page; its test fails on any page error, console error or request that goes out."""
    watch = Watch(context.new_page())
    yield watch
    assert not watch.troubles, "\n".join(watch.troubles)


@pytest.fixture
def page(watch: Watch) -> Page:
    """The watched page."""
    return watch.page
