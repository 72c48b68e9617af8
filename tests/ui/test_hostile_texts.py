"""Texts that would like to run, in a real browser: of an upload, its columns, its name, a model."""

from __future__ import annotations

import csv
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.serve import serve
from tests.ui.test_visit import LOADED, choose_tab, open_lab, upload_file

HOSTILE = (
    '<img src=x onerror="window.ran=1"></script><script>window.ran=2</script>'
    "${window.ran=3} {{constructor.constructor('window.ran=4')()}} [x](javascript:window.ran=5)"
)
FILE = "{{7*7}} ${window.ran=6} <b>mine<img src=x onerror=window.ran=7> &lt;.csv"


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    """Pairs of texts, a third column, and a row that is left out: hostile all of them."""
    file = tmp_path / FILE
    with file.open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow([f"a {HOSTILE}", f"b {HOSTILE}", f"c {HOSTILE}"])
        rows.writerows([f"{HOSTILE} {i}", f"{i} {HOSTILE}", HOSTILE] for i in range(16))
        rows.writerow([HOSTILE, "", HOSTILE])
    return file


def nothing_ran(page: Page) -> None:
    assert page.evaluate("window.ran") is None
    assert page.locator('img[src="x"], a[href^="javascript"]').count() == 0


def test_nothing_of_an_upload_runs(page: Page, address: str, upload: Path) -> None:
    open_lab(page, address)
    model = page.locator("#model input")
    model.fill("tiny-bert")
    model.press("Enter")
    expect(page.locator("#layers")).to_contain_text("query", timeout=LOADED)
    upload_file(page, upload)
    preview = page.locator("#preview")
    expect(preview).to_contain_text("16 pairs", timeout=LOADED)
    expect(preview).to_contain_text("onerror")
    expect(preview).to_contain_text("{{constructor")
    nothing_ran(page)
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)
    choose_tab(page, "Before / After")
    expect(page.locator("#maps .main-svg").first).to_be_visible()
    choose_tab(page, "Try it")
    expect(page.locator("#explorer .lab-hit").first).to_contain_text("onerror", timeout=LOADED)
    nothing_ran(page)
    for choice, name in (("#pairs", "mine"), ("#a-column", "onerror")):
        page.locator(f"{choice} input").click()
        expect(page.get_by_role("option", name=name).first).to_be_visible()
        nothing_ran(page)
        page.keyboard.press("Escape")


def test_nothing_of_a_model_s_name_runs(page: Page, address: str) -> None:
    open_lab(page, address)
    model = page.locator("#model input")
    model.fill(HOSTILE)
    model.press("Enter")
    expect(page.locator("#status")).to_contain_text("onerror", timeout=LOADED)
    choose_tab(page, "Pairs")
    expect(page.locator("#preview")).to_contain_text("onerror")
    nothing_ran(page)


def test_a_closed_page_opens_to_those_who_are_known(tmp_path: Path) -> None:
    secret = "correct horse"
    with serve(tmp_path / "runs", LAB_USER="ada", LAB_PASSWORD=secret) as address:
        for path in ("config", "gradio_api/file=app.py", "gradio_api/info"):
            with pytest.raises(urllib.error.HTTPError, match="401"):
                urllib.request.urlopen(address + path)
        with pytest.raises(urllib.error.HTTPError, match="400"):
            log_in(address, "ada", "wrong")
        with log_in(address, "ada", secret) as answer:
            cookie = answer.headers["Set-Cookie"]
        assert cookie
        assert secret not in cookie
    assert secret not in (tmp_path / "app.log").read_text(encoding="utf-8")


def log_in(address: str, name: str, word: str):
    data = urllib.parse.urlencode({"username": name, "password": word}).encode()
    return urllib.request.urlopen(address + "login", data)
