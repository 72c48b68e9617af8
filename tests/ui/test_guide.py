"""What LoRA is, while it is used: the guide, the explanations, the variants and their code."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from lab.ui.form import form_fields, read_config, read_form
from lab.words import find_words
from tests.ui.conftest import Watch
from tests.ui.test_visit import LOADED, choose_tab, open_lab, set_number

WORDS = find_words()


def form_of(**values: object) -> dict:
    """A form's values by name; what is not given is empty, as a browser may send it."""
    usual = {"model": "m", "pairs": "p", "r": 4, "alpha": 8, "bias": "none", "epochs": 1}
    usual |= {"batch_size": 8, "learning_rate": 1e-3, "temperature": 0.1}
    filled = {**usual, **values}
    return read_form(tuple(filled.get(name) for name in form_fields()))


def test_variants_of_the_form_are_those_of_the_run() -> None:
    plain = read_config(form_of(), ("q",))
    assert (plain.lora.use_dora, plain.lora.use_rslora) == (False, False)
    assert (plain.lora.init_lora_weights, plain.lora.lora_dropout_on) == (True, "input")
    assert (plain.train.precision, plain.train.micro_batch_size) == ("auto", None)
    form = form_of(
        methods=["rslora", "pissa"],
        dropout_on="factors",
        loraplus_ratio=16,
        precision="bf16",
        micro_batch_size=4,
    )
    config = read_config(form, ("q",))
    assert (config.lora.use_rslora, config.lora.use_dora) == (True, False)
    assert (config.lora.init_lora_weights, config.lora.lora_dropout_on) == ("pissa", "factors")
    assert (config.train.loraplus_ratio, config.train.precision) == (16, "bf16")
    assert config.train.micro_batch_size == 4


def test_guide_leads_through_the_page_and_stays_closed(watch: Watch, address: str) -> None:
    page, watch.leaves_streams = watch.page, True
    open_lab(page, address)
    steps = page.locator("#guide .lab-guide-step")
    expect(steps).to_have_count(6)
    steps.filter(has_text="Take the adapter home").click()
    expect(page.locator("#download-adapter")).to_be_visible()
    steps.filter(has_text="See what changed").click()
    expect(page.locator("#maps .main-svg").first).to_be_visible()
    page.get_by_role("button", name=WORDS["guide"]["close"]).click()
    expect(steps).to_have_count(0)
    page.reload()
    opened = page.get_by_role("button", name=WORDS["guide"]["open"], exact=True)
    expect(opened).to_be_visible(timeout=LOADED)
    expect(steps).to_have_count(0)
    opened.press("Enter")
    expect(steps).to_have_count(6)


def test_each_step_explains_itself(page: Page, address: str) -> None:
    open_lab(page, address)
    for name in ("model", "pairs", "layers", "lora"):
        fold = page.locator(f"#help-{name}")
        expect(fold.locator("p")).not_to_be_visible()
        fold.locator("summary").click()
        expect(fold.locator("p")).to_have_text(WORDS["help"][name])
        assert fold.locator("svg > *").count() > 3


def test_variants_change_the_command_the_code_and_the_cost(page: Page, address: str) -> None:
    open_lab(page, address)
    choose_tab(page, "Take home")
    page.locator("#variants button").first.click()
    page.locator("#methods").get_by_label("DoRA").check()
    expect(page.locator("#command")).to_contain_text("--use-dora", timeout=LOADED)
    set_number(page, "#loraplus-ratio", 16)
    expect(page.locator("#command")).to_contain_text("--loraplus-ratio 16", timeout=LOADED)
    expect(page.locator("#peft-code")).to_contain_text("use_dora=True")
    page.locator("#methods").get_by_label("PiSSA").check()
    expect(page.locator("#totals")).to_contain_text("use_dora", timeout=LOADED)
    expect(page.locator("#start")).to_be_disabled()


def test_a_narrow_page_with_guide_and_explanations_scrolls_only_down(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 420, "height": 900})
    open_lab(page, address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    page.get_by_role("button", name=WORDS["guide"]["open"], exact=True).click()
    page.locator("#guide .lab-guide-step").first.click()
    expect(page.locator("#model")).to_be_in_viewport()
