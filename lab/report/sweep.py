"""A sweep as one HTML file: its sentences, its charts and its settings inside, no request made."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from lab.charts import PLOTLY, SCRIPTS, STATIC, STYLE, VENDOR
from lab.report.write import HERE, inline, read
from lab.words import Words


@dataclass(frozen=True)
class SweepPage:
    """words: section -> heading; settings: names and values; charts: name -> JSON.

    language: of all of its words, as HTML names it.
    """

    language: str
    title: str
    subtitle: str
    words: Words
    same: str
    settings: Sequence[tuple[str, str]]
    charts: Mapping[str, Any]


def write_sweep_page(path: Path, page: SweepPage) -> None:
    """Write the page; it opens offline."""
    path.write_text(render_sweep(page), encoding="utf-8")


def render_sweep(page: SweepPage) -> str:
    """The page as text; texts enter as escaped text or as JSON, never as markup."""
    template = Template(read(HERE / "sweep.html"))
    rows = "".join(
        f"<tr><th scope=row>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>"
        for name, value in page.settings
    )
    scripts = [VENDOR / PLOTLY, *(STATIC / name for name in SCRIPTS), HERE / "report.js"]
    return template.substitute(
        language=page.language,
        title=html.escape(page.title),
        subtitle=html.escape(page.subtitle),
        curves=html.escape(page.words["curves"]),
        settings_title=html.escape(page.words["report_settings"]),
        same=html.escape(page.same),
        settings=rows,
        style=read(STATIC / STYLE) + read(HERE / "report.css"),
        # "</script>" inside a script or a text would end the element it stands in.
        data=json.dumps(page.charts, ensure_ascii=False).replace("<", "\\u003c"),
        scripts="\n".join(map(inline, scripts)),
    )
