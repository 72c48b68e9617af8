"""What the page says about itself: explanations beside controls, and the first visit's guide."""

from __future__ import annotations

from collections.abc import Mapping

from lab.ui.components.learning import Guide, Help
from lab.words import Words

# Each step's place on the page, and the tab it lies in: the tab's word's place and name.
PLACES: Mapping[str, tuple[str, tuple[str, str] | None]] = {
    "model": ("#model", None),
    "layers": ("#layers", None),
    "start": ("#start", None),
    "training": ("#loss", ("page", "tab_training")),
    "compare": ("#maps", ("page", "tab_compare")),
    "take": ("#download-adapter", ("page", "tab_take")),
}


def explain(name: str, words: Words) -> Help:
    """The explanation of this name in the table's "help", with the picture of that name."""
    value = {"open": words["open"], "text": words[name], "picture": name}
    return Help(value, elem_id=f"help-{name}", elem_classes="lab-beside")


def build_guide(table: Mapping[str, Words]) -> Guide:
    """Lay the guide out."""
    words = table["guide"]
    steps = [
        {"text": words[name], "place": place, "tab": table[tab[0]][tab[1]] if tab else None}
        for name, (place, tab) in PLACES.items()
    ]
    names = ("title", "open", "close")
    value = {**{name: words[name] for name in names}, "steps": steps}
    return Guide(value, elem_id="guide")
