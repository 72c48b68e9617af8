"""ReportData -> one HTML file. Texts enter as escaped text or as JSON, never as markup."""

from __future__ import annotations

import html
import json
from pathlib import Path
from string import Template

from lab.charts import PLOTLY, SCRIPTS, STATIC, STYLE, VENDOR
from lab.report.data import ReportData

HERE = Path(__file__).parent


def write_report(path: Path, data: ReportData) -> None:
    """Write the page; it opens offline and makes no request."""
    path.write_text(render(data), encoding="utf-8")


def render(data: ReportData) -> str:
    """The page as text."""
    template = Template((HERE / "page.html").read_text(encoding="utf-8"))
    text = {name: html.escape(words) for name, words in data.headings.items()}
    rows = "".join(
        f"<tr><th scope=row>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>"
        for name, value in data.settings
    )
    scripts = [VENDOR / PLOTLY, *(STATIC / name for name in SCRIPTS), HERE / "report.js"]
    return template.substitute(
        {f"text_{name}": words for name, words in text.items()},
        language=data.language,
        title=html.escape(data.title),
        subtitle=html.escape(data.subtitle),
        verdict=html.escape(data.verdict),
        settings=rows,
        code=html.escape(data.load_code),
        style=read(STATIC / STYLE) + read(HERE / "report.css"),
        # "</script>" inside a script or a text would end the element it stands in.
        data=json.dumps(data.charts, ensure_ascii=False).replace("<", "\\u003c"),
        scripts="\n".join(inline(script) for script in scripts),
    )


def inline(script: Path) -> str:
    """The script as an element of a page."""
    code = read(script).replace("</script", r"<\/script")
    return f"<script>{code}</script>"


def read(path: Path) -> str:
    """The file's text."""
    return path.read_text(encoding="utf-8")
