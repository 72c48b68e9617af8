"""English and Korean: who sees which, the way from one to the other, and nothing left behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lab.ui.serving.language import choose_language
from tests.ui.conftest import Watch, fresh

LOADED, TRAINED = 120_000, 240_000  # milliseconds, for machines that have other things to do
START = {"en": "Fine-tune", "ko": "미세 조정 시작"}
TABS = ("데이터 쌍", "레이어", "학습", "전후 비교", "검색해 보기", "실행 비교", "내려받기")

# What stays English on the Korean page: findings, which the rooms below the page make; code; the
# printed model; names of layers, models and columns; and a visitor's own texts.
FOREIGN = ".lab-code, .lab-item, #command, #peft-code, #loading, #layers label"
VISIBLE_TEXTS = """(foreign) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
    if (!text || node.closest("script, style, noscript") || node.closest(foreign)) continue;
    if (node.closest("svg") || node.checkVisibility({ visibilityProperty: true })) found.push(text);
  }
  for (const node of document.querySelectorAll(".lab-chart [aria-label], #switch [aria-label]"))
    found.push(node.getAttribute("aria-label"));
  return found;
}"""
# A word in Latin letters before a small one, and no Korean: English.
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
HANGUL = re.compile("[가-힣]")


@pytest.fixture
def context(
    browser_of: Callable[[str], BrowserContext], request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """A fresh visitor with a Korean browser, or another that a test asks for."""
    with fresh(browser_of(getattr(request, "param", "ko-KR"))) as visitor:
        yield visitor


def open_lab(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#maps .main-svg").first).to_be_visible(timeout=LOADED)
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)


def english_on(page: Page) -> list[str]:
    """The sentences in English that can be read on the page."""
    texts = page.evaluate(VISIBLE_TEXTS, FOREIGN)
    assert texts
    return [text for text in texts if ENGLISH.search(text) and not HANGUL.search(text)]


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "shown"),
    [
        (None, None, "", "en"),
        (None, None, "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        (None, None, "en-GB, ko;q=0.5", "en"),
        (None, None, "fr, ko;q=0.4, en;q=0.9", "en"),
        (None, None, "en;q=0, KO", "ko"),
        (None, None, "ko;q=much", "en"),
        (None, "en", "ko", "en"),
        ("ko", "en", "en", "ko"),
        ("xx", "ko", "en", "ko"),
    ],
)
def test_the_address_comes_before_the_choice_before_the_browser(
    asked: str | None, kept: str | None, accepted: str, shown: str
) -> None:
    assert choose_language(asked, kept, accepted) == shown


@pytest.mark.parametrize(
    ("context", "language"),
    [("ko-KR", "ko"), ("en-GB", "en"), ("fr-FR", "en")],
    indirect=["context"],
)
def test_the_browsers_language_is_the_pages(page: Page, address: str, language: str) -> None:
    page.goto(address)
    expect(page.locator("#start")).to_have_text(START[language])
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("#switch b")).to_have_attribute("lang", language)


def test_the_switch_changes_the_page_and_is_remembered(
    watch: Watch, page: Page, address: str
) -> None:
    watch.leaves_streams = True
    open_lab(page, address)
    page.locator("#switch a", has_text="English").click()
    expect(page.locator("#start")).to_have_text(START["en"])
    expect(page.locator("#totals")).to_contain_text("parameters train", timeout=LOADED)
    left = [text for text in page.evaluate(VISIBLE_TEXTS, FOREIGN) if HANGUL.search(text)]
    assert left == ["한국어"]  # the way back; the pairs' Korean captions are on another tab
    page.goto(address)
    expect(page.locator("#start")).to_have_text(START["en"])
    page.locator("#switch a", has_text="한국어").click()
    expect(page.locator("#start")).to_have_text(START["ko"])
    page.reload()
    expect(page.locator("#start")).to_have_text(START["ko"])


@pytest.mark.parametrize("context", ["en-GB"], indirect=True)
def test_an_address_may_say_the_language_and_keeps_the_rest(
    watch: Watch, page: Page, address: str
) -> None:
    watch.leaves_streams = True
    page.goto(f"{address}?lang=ko&__theme=dark")
    expect(page.locator("#start")).to_have_text(START["ko"])
    expect(page.locator("body.dark")).to_be_attached()
    page.goto(address)  # it was asked for: kept
    expect(page.locator("#start")).to_have_text(START["ko"])


def test_light_or_dark_is_remembered(watch: Watch, page: Page, address: str) -> None:
    watch.leaves_streams = True
    page.goto(address)
    expect(page.locator("body.dark")).to_have_count(0)
    page.locator("#switch button").click()
    expect(page.locator("body.dark")).to_be_attached()
    page.reload()
    expect(page.locator("body.dark")).to_be_attached()


def test_a_whole_visit_in_korean_shows_no_english(
    watch: Watch, page: Page, address: str, tmp_path: Path
) -> None:
    watch.leaves_streams = True
    open_lab(page, address)
    assert english_on(page) == []
    for box in page.locator("#layers input[type=checkbox]").all():
        box.set_checked(False)
    expect(page.locator("#totals")).to_have_text("선택한 레이어가 없습니다. 하나 이상 선택하세요.")
    page.locator("#layers input[type=checkbox]").first.set_checked(True)
    for part in ("#narrow", "#settings"):
        page.locator(f"{part} button").first.click()
    page.locator("#epochs input").fill("1")
    page.locator("#epochs input").press("Tab")
    expect(page.locator("#start")).to_be_enabled()
    assert english_on(page) == []
    page.locator("#start").click()
    expect(page.locator("#metrics table")).to_be_visible(timeout=TRAINED)
    expect(page.locator("#status")).to_contain_text("완료", timeout=TRAINED)
    for tab in TABS:
        page.get_by_role("tab", name=tab, exact=True).click()
        assert english_on(page) == [], tab
    read_the_report(page, tmp_path / "report.html")
    page.goto(f"{address}?lang=en")  # the run is found again, in the other language
    expect(page.locator("#metrics table")).to_contain_text("higher is better", timeout=LOADED)
    expect(page.locator("#status")).to_contain_text("Finished")


def read_the_report(page: Page, file: Path) -> None:
    """The report of a Korean page is Korean."""
    with page.expect_download() as download:
        page.locator("#download-report").click()
    download.value.save_as(file)
    shown = page.context.new_page()
    shown.goto(file.as_uri())
    expect(shown.locator("html")).to_have_attribute("lang", "ko")
    expect(shown.locator("#metrics table")).to_contain_text("높을수록 좋음")
    assert english_on(shown) == []
    shown.close()


@pytest.mark.parametrize("width", [1280, 420])
def test_nothing_korean_is_wider_than_the_screen(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    expect(page.locator("#maps .main-svg").first).to_be_attached(timeout=LOADED)
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
