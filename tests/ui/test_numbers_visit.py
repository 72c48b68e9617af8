"""A visit that asks what a run was worth: its control set, groups and similarities."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.ui.conftest import Watch
from tests.ui.test_visit import LOADED, TRAINED

ROOT = Path(__file__).parents[2]


def pairs_in_groups(count: int = 48) -> bytes:
    """Drawn shapes with their Korean captions, and in a further column their size."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(ROOT / "assets/pairs/shapes-ko.zip") as shapes,
        zipfile.ZipFile(packed, "w") as mine,
    ):
        table = next(name for name in shapes.namelist() if name.endswith(".csv"))
        rows = list(csv.DictReader(io.StringIO(shapes.read(table).decode())))[:count]
        lines = ["file_name,caption,size"]
        for row in rows:
            mine.writestr(row["image"], shapes.read(row["image"]))
            lines.append(f"{row['image']},{row['ko']},{'big' if '큰' in row['ko'] else 'small'}")
        mine.writestr("metadata.csv", "\n".join(lines))
    return packed.getvalue()


def upload(page: Page, button: str, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with page.expect_file_chooser() as chooser:
        page.locator(button).click()
    chooser.value.set_files(file)


def choose_control(page: Page, name: str) -> None:
    page.locator("#control input").click()
    page.get_by_role("option", name=name).click()


def run(page: Page, epochs: int) -> None:
    page.locator("#epochs input").fill(str(epochs))
    page.locator("#epochs input").press("Tab")
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)
    page.locator("#start").click()


def see_matrices(page: Page) -> Locator:
    """They are made when they come into sight."""
    matrices = page.locator("#matrices")
    matrices.scroll_into_view_if_needed()
    expect(matrices.locator(".main-svg").nth(2)).to_be_attached(timeout=LOADED)
    return matrices


def test_a_visitor_learns_what_a_run_was_worth_and_what_it_cost(
    watch: Watch, page: Page, address: str, tmp_path: Path
) -> None:
    watch.leaves_streams = True
    page.goto(address)
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)
    upload(page, "#upload", tmp_path / "mine.zip", pairs_in_groups())
    expect(page.locator("#preview")).to_contain_text("48 pairs", timeout=LOADED)
    page.locator("#settings button").first.click()
    texts = "en,ko\n" + "".join(f"one {i},another {i}\n" for i in range(20))
    upload(page, "#control-upload", tmp_path / "texts.csv", texts.encode())
    expect(page.locator("#control input")).to_have_value("texts.csv", timeout=LOADED)
    run(page, 1)
    expect(page.locator("#status")).to_contain_text("holds text-text pairs", timeout=LOADED)
    choose_control(page, "The lab's own, in English")
    run(page, 1)
    expect(page.locator("#loss")).to_contain_text("chance", timeout=TRAINED)

    expect(page.locator("#balance .lab-balance")).to_have_count(2, timeout=TRAINED)
    expect(page.locator("#verdict")).to_contain_text("on the English control set it")
    expect(page.locator("#balance")).to_contain_text("English control set: 256 pairs")
    expect(page.locator("#metrics")).to_contain_text("nDCG@10")
    groups = page.locator("#groups")
    expect(groups).to_contain_text("big")
    expect(groups).to_contain_text("small")
    matrices = see_matrices(page)
    matrices.get_by_role("button", name="all with all").click()
    matrices.locator(".lab-matrix").first.click(position={"x": 80, "y": 80})
    expect(matrices.locator(".lab-compared .lab-tile")).to_have_count(2)
    expect(matrices.locator(".lab-compared")).to_contain_text(re.compile(r"similarity .* → "))
    expect(page.locator("#status")).to_contain_text("Finished", timeout=TRAINED)

    another_run_brings_its_own(page)
    korean_on_a_phone(page, address)


def another_run_brings_its_own(page: Page) -> None:
    """Numbers and matrices are those of the run that ended last; this one has no control set."""
    sent = "document.querySelector('#matrices .lab-chart').__lab.plots()[1].data[0].z[0].join()"
    before = page.evaluate(sent)
    choose_control(page, "none")
    run(page, 2)
    expect(page.locator("#balance .lab-balance")).to_have_count(1, timeout=TRAINED)
    expect(page.locator("#balance")).to_contain_text("This run had no control set")
    expect(page.locator("#verdict")).not_to_contain_text("control set")
    see_matrices(page)
    page.wait_for_function(f"before => {sent} !== before", arg=before)


def korean_on_a_phone(page: Page, address: str) -> None:
    """The same run, told in Korean, with nothing wider than the screen."""
    expect(page.locator("#status")).to_contain_text("Finished", timeout=TRAINED)
    page.set_viewport_size({"width": 420, "height": 900})
    page.goto(f"{address}?lang=ko")
    expect(page.locator("#balance")).to_contain_text("대조 세트가 없어", timeout=LOADED)
    expect(see_matrices(page)).to_contain_text("비슷한 것끼리")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
