"""The gallery, served once for the module that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import gallery
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.ui.conftest import Watch
from tests.ui.serve import free_port


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the gallery is served."""
    served = gallery.build()
    yield gallery.launch(served, prevent_thread_lock=True, server_port=free_port())
    served.close()


@pytest.fixture(scope="session")
def gallery_visitor(browser: Browser) -> Iterator[BrowserContext]:
    """One visitor for all tests here, who has the scripts already after the first."""
    visitor = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    visitor.set_default_timeout(15_000)
    yield visitor
    visitor.close()


@pytest.fixture
def context(gallery_visitor: BrowserContext) -> Iterator[BrowserContext]:
    """The same visitor; only the pages are fresh."""
    before = gallery_visitor.pages
    yield gallery_visitor
    for page in gallery_visitor.pages:
        if page not in before:
            page.close()


@pytest.fixture(scope="session")
def still_page(gallery_visitor: BrowserContext, address: str) -> Watch:
    """One light gallery for all tests that change nothing that stays."""
    watch = Watch(gallery_visitor.new_page())
    open_gallery(watch.page, address, "light")
    return watch


@pytest.fixture
def still(still_page: Watch) -> Iterator[Page]:
    """That gallery, with the mouse out of the way; it must not err here either."""
    still_page.page.bring_to_front()
    still_page.page.mouse.move(2, 2)
    yield still_page.page
    assert not still_page.troubles, "\n".join(still_page.troubles)


@pytest.fixture
def shown(page: Page, address: str) -> Page:
    """A light gallery of one's own."""
    return open_gallery(page, address, "light")


@pytest.fixture
def shown_dark(page: Page, address: str) -> Page:
    """A dark gallery of one's own."""
    return open_gallery(page, address, "dark")


@pytest.fixture
def point_at() -> Callable[[Page, str, int], None]:
    """Moves the mouse onto item i of the map of a side."""

    def move(page: Page, side: str, item: int) -> None:
        x, y = page.evaluate(PLACE, [side, item])
        page.mouse.move(x - 3, y - 3)
        page.mouse.move(x, y)

    return move


def open_gallery(page: Page, address: str, theme: str) -> Page:
    """Go there and wait until every chart stands."""
    page.goto(f"{address}?__theme={theme}")
    for name in ("maps", "matrices", "loss"):
        page.wait_for_selector(f"#{name} .main-svg")
    page.wait_for_selector("#preview [data-state=drawn]")
    return page


PLACE = """([side, item]) => {
  const plot = document.querySelector("#maps .lab-chart").__lab.plots()[side];
  const points = plot.data.filter((trace) => trace.meta !== undefined);
  const half = points[0].x.length, trace = points[item < half ? 0 : 1], k = item % half;
  plot.scrollIntoView({ block: "center" });
  const box = plot.getBoundingClientRect(), { xaxis, yaxis } = plot._fullLayout;
  const x = xaxis._offset + xaxis.d2p(trace.x[k]), y = yaxis._offset + yaxis.d2p(trace.y[k]);
  return [box.left + x, box.top + y];
}"""
