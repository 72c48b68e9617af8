"""Where the browser finds the charts' scripts: this machine, under names that change with the text.

The mounts hold public files only; nothing of a visitor's is ever served from them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from lab.charts import PLOTLY, SCRIPTS, STATIC, STYLE, VENDOR

if TYPE_CHECKING:
    from starlette.responses import Response

CHARTS_PREFIX, VENDOR_PREFIX = "lab-static", "lab-vendor"
YEAR = 365 * 24 * 3600  # seconds


class PublicFiles(StaticFiles):
    """Static files that a browser may keep: their addresses carry a digest of the content."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def vendor_routes() -> list[Mount]:
    """For `launch(app_kwargs={"routes": vendor_routes()})`."""
    folders = {CHARTS_PREFIX: STATIC, VENDOR_PREFIX: VENDOR}
    return [
        Mount(f"/{prefix}", app=PublicFiles(directory=folder)) for prefix, folder in folders.items()
    ]


def head_tags(*, plotly: bool) -> str:
    """What a component asks the page to load, once a page, before it draws.

    plotly waits for nobody and nobody but the charts waits for it: it is by far the largest.
    """
    tags = [f'<link rel="stylesheet" href="{_address(CHARTS_PREFIX, STATIC / STYLE)}">']
    if plotly:
        tags.append(f'<script async src="{_address(VENDOR_PREFIX, VENDOR / PLOTLY)}"></script>')
    tags += [
        f'<script src="{_address(CHARTS_PREFIX, STATIC / name)}"></script>' for name in SCRIPTS
    ]
    return "".join(tags)


@cache
def _address(prefix: str, path: Path) -> str:
    # Relative, so that it also holds behind a proxy that adds a path in front.
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"{prefix}/{path.name}?v={digest}"
