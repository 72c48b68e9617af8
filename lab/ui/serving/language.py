"""Which language a visitor reads, and the way to the page in it.

    ?lang=ko  >  the choice made before (a cookie)  >  the browser's languages  >  English

The page is built once a language: English at `/`, Korean at `/ko`. A visitor to `/` who reads
another language is sent on, so that nothing has to be changed after it is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse

from lab.words import LANGUAGES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

DEFAULT = next(iter(LANGUAGES))
COOKIE = "lab-language"
YEAR = 365 * 24 * 3600  # seconds


def page_path(language: str) -> str:
    """Where gradio serves the page in a language: "" is its first page."""
    return "" if language == DEFAULT else language


def choose_language(asked: str | None, kept: str | None, accepted: str) -> str:
    """The language to show: asked for in the address, kept from before, or the first one of the
    browser's (an Accept-Language header) that the lab has."""
    wanted = (asked, kept, *_by_preference(accepted))
    return next((language for language in wanted if language in LANGUAGES), DEFAULT)


def _by_preference(accepted: str) -> list[str]:
    """Primary tags of an Accept-Language header, the best loved first (RFC 9110, 12.5.4)."""
    loved = []
    for part in accepted.lower().split(","):
        tag, _, quality = part.replace(" ", "").partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if weight > 0:
            loved.append((weight, tag.split("-")[0]))
    return [tag for _, tag in sorted(loved, key=lambda pair: -pair[0])]


class ReadersLanguage:
    """Middleware: sends a visitor to `/` on to the page they read; one asked for is kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer `/`; pass on all else."""
        if scope["type"] != "http" or scope["path"] != scope.get("root_path", "") + "/":
            return await self._app(scope, receive, send)
        request = Request(scope)
        asked, kept = request.query_params.get("lang"), request.cookies.get(COOKIE)
        language = choose_language(asked, kept, request.headers.get("accept-language", ""))

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                _keep(MutableHeaders(scope=message), language if asked == language else None)
            await send(message)

        app = self._app if language == DEFAULT else _send_on(request, language)
        await app(scope, receive, answer)


def _send_on(request: Request, language: str) -> RedirectResponse:
    """To a language's page; relative, so that it also holds behind a proxy with a path."""
    others = [pair for pair in request.query_params.multi_items() if pair[0] != "lang"]
    query = f"?{urlencode(others)}" if others else ""
    return RedirectResponse(f"./{page_path(language)}{query}")


def _keep(headers: MutableHeaders, language: str | None) -> None:
    headers.add_vary_header("Accept-Language, Cookie")
    if language:
        cookie = f"{COOKIE}={language}; Path=/; Max-Age={YEAR}; SameSite=Lax"
        headers.append("Set-Cookie", cookie)
