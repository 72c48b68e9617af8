"""What stands above the tabs: name, device, language, and light or dark."""

from __future__ import annotations

import html

import gradio as gr

from lab.ui.components import Note
from lab.words import LANGUAGES, Words

# The choice of light or dark is the browser's to keep, and an address with a theme comes first.
SWITCH = """
const kept = "lab-theme", dark = document.body.classList;
document.documentElement.lang = element.querySelector("nav").lang;
const choice = localStorage.getItem(kept), asked = new URLSearchParams(location.search);
if (choice && !asked.has("__theme")) dark.toggle("dark", choice === "dark");
element.querySelector("button").addEventListener("click", () =>
  localStorage.setItem(kept, dark.toggle("dark") ? "dark" : "light"));
"""


def build_header(words: Words, language: str) -> Note:
    """Lay out the header; -> the note on the device."""
    with gr.Row(elem_id="header"):
        gr.Markdown(f"# LoRA Lab\n{words['tagline']}", elem_id="title")
        with gr.Column(min_width=240, elem_id="corner"):
            gr.HTML(
                html_template=switch_html(words, language),
                css_template="",
                js_on_load=SWITCH,
                apply_default_css=False,
                elem_id="switch",
            )
            return Note(elem_id="device")


def switch_html(words: Words, language: str) -> str:
    """The other languages as links, and the button for light or dark."""
    names = [
        f'<b lang="{code}" aria-current="true">{name}</b>'
        if code == language
        else f'<a href="?lang={code}" lang="{code}" hreflang="{code}">{name}</a>'
        for code, name in LANGUAGES.items()
    ]
    theme = html.escape(words["theme"])
    return (
        f'<nav lang="{language}" aria-label="{html.escape(words["language"])}">{" ".join(names)}'
        f'<button type="button" title="{theme}" aria-label="{theme}">◐</button></nav>'
    )
