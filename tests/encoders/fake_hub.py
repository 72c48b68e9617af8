"""A hub on this machine: the few answers of the real one that a download needs."""

from __future__ import annotations

import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import unquote, urlsplit

MAIN = "a" * 40


def _commit_of(revision: str) -> str:
    return MAIN if revision in ("main", MAIN) else hashlib.sha1(revision.encode()).hexdigest()


def _find(revisions: dict[str, Path], asked: str) -> Path:
    return next(folder for name, folder in revisions.items() if asked in (name, _commit_of(name)))


def _files_in(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*")) if file.is_file()]


def conversion(name: str, number: int, author: str = "SFconvertbot") -> dict:
    """A pull request as the hub's API lists it."""
    return {
        "title": "Adding `safetensors` variant of this model",
        "num": number,
        "author": {"name": author},
        "isPullRequest": True,
        "status": "open",
        "createdAt": "2023-01-01T00:00:00.000Z",
        "repo": {"name": name, "type": "model"},
    }


class FakeHub:
    """Serves folders as repositories while used as a context manager.

    repositories: "owner/name" -> revision ("main", "refs/pr/1") -> folder.
    discussions: "owner/name" -> the hub's own records of its pull requests.
    withheld, unmeasured, undescribed: the end of the names of files that are listed but cannot be
        had; whose size is not said; that a model's description leaves out of its list.
    is_open: while it is not set, files are waited for.
    asked: the paths of all requests.
    """

    def __init__(self, repositories: dict[str, dict[str, Path]]) -> None:
        self.repositories = repositories
        self.discussions: dict[str, list[dict]] = {}
        self.withheld = self.unmeasured = self.undescribed = "\0"
        self.is_open = Event()
        self.is_open.set()
        self.asked: list[str] = []

    def __enter__(self) -> FakeHub:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.answer(self, with_body=True)

            def do_HEAD(self) -> None:
                hub.answer(self, with_body=False)

            def log_message(self, *arguments: object) -> None:
                """The test's output stays its own."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler, with_body: bool) -> None:
        """Send what the hub would."""
        path = unquote(urlsplit(request.path).path).strip("/")
        self.asked.append(path)
        found = self._api(path[4:]) if path.startswith("api/") else self._file(path)
        status, headers, body = found or (404, {"X-Error-Code": "RepoNotFound"}, b"")
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        if with_body:
            request.wfile.write(body)

    def _api(self, path: str) -> tuple[int, dict[str, str], bytes] | None:
        for name, revisions in self.repositories.items():
            if path == f"models/{name}/discussions":
                listed = self.discussions.get(name, [])
                page = {"discussions": listed, "count": len(listed), "start": 0}
                return 200, {}, json.dumps(page).encode()
            start = f"models/{name}"
            if path.startswith(start + "/tree/"):
                return 200, {}, self._list(_find(revisions, path.removeprefix(start + "/tree/")))
            if path == start or path.startswith(start + "/revision/"):
                asked = path.removeprefix(start).removeprefix("/revision/") or "main"
                return 200, {}, self._describe(name, asked, _find(revisions, asked))
        return None

    def _describe(self, name: str, revision: str, folder: Path) -> bytes:
        files = [file.relative_to(folder).as_posix() for file in _files_in(folder)]
        siblings = [{"rfilename": file} for file in files if not file.endswith(self.undescribed)]
        sha = _commit_of(revision)
        return json.dumps({"id": name, "sha": sha, "siblings": siblings, "tags": []}).encode()

    def _list(self, folder: Path) -> bytes:
        return json.dumps(
            [
                {
                    "type": "file",
                    "path": file.relative_to(folder).as_posix(),
                    "size": None if file.name.endswith(self.unmeasured) else file.stat().st_size,
                    "oid": hashlib.sha1(file.read_bytes()).hexdigest(),
                }
                for file in _files_in(folder)
            ]
        ).encode()

    def _file(self, path: str) -> tuple[int, dict[str, str], bytes] | None:
        name, _, rest = path.partition("/resolve/")
        for revision, folder in self.repositories.get(name, {}).items():
            for spelling in (revision, _commit_of(revision)):
                if rest.startswith(spelling + "/"):
                    return self._send(folder / rest.removeprefix(spelling + "/"), revision)
        return None

    def _send(self, file: Path, revision: str) -> tuple[int, dict[str, str], bytes] | None:
        if not file.is_file() or file.name.endswith(self.withheld):
            return None
        self.is_open.wait(30)
        body = file.read_bytes()
        etag = hashlib.sha256(body).hexdigest()
        return 200, {"ETag": f'"{etag}"', "X-Repo-Commit": _commit_of(revision)}, body
