"""Models on the hub: from its cache, or downloaded once it is known to answer.

The limit on the first answer holds even where name resolution hangs, which no timeout of an HTTP
library covers. Knows nothing of what the files mean beyond their names.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.encoders.folder import WEIGHTS, find_weights, read_json
from lab.encoders.hub_cache import find_model_folder
from lab.encoders.hub_room import HubRoom
from lab.errors import ModelError

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import ModelInfo

PROBE_SECONDS = 3.0
ALLOWED = ["*.safetensors", "*.json", "*.txt", "*.model"]
IGNORED = ["onnx/*", "openvino/*", "coreml/*"]
CONVERSION_AUTHOR = "SFconvertbot"  # the hub's own converter; its pull requests add safetensors


def fetch(name: str, room: HubRoom) -> Path:
    """The folder of a hub model's files, from the cache if they are whole there.

    room: where the model is in use meanwhile.
    Raises ModelError when the hub does not answer in time, or has no such model or no
    safetensors of it, or when there is no room for it.
    """
    cached = find_cached(name)
    if cached is not None:
        return cached
    from huggingface_hub import HfApi

    api = HfApi()
    info = _probe(api, name)
    if not _has_safetensors(info):
        info = _find_conversion(api, name)
    sizes = _list_sizes(api, name, info.sha) if room.is_limited else []
    with room.reserve(name, sizes):
        return _download(api, name, info.sha)


def _download(api: HfApi, name: str, commit: str) -> Path:
    try:
        folder = api.snapshot_download(
            name, revision=commit, allow_patterns=ALLOWED, ignore_patterns=IGNORED
        )
    except Exception as error:
        raise ModelError(
            f"the download of {name!r} broke off ({type(error).__name__}); try again, or {_WAY_OUT}"
        ) from error
    return Path(folder)


def _list_sizes(api: HfApi, name: str, commit: str) -> list[int | None]:
    """In bytes, of the files that a download brings.

    By the commit's tree, as the download itself goes: the list in a model's description ends
    somewhere when there are very many files.
    """
    from huggingface_hub.hf_api import RepoFile
    from huggingface_hub.utils import filter_repo_objects

    with _answering(name):
        tree = api.list_repo_tree(name, recursive=True, revision=commit)
        files = [entry for entry in tree if isinstance(entry, RepoFile)]
    patterns = {"allow_patterns": ALLOWED, "ignore_patterns": IGNORED}
    return [file.size for file in filter_repo_objects(files, key=lambda f: f.path, **patterns)]


_WAY_OUT = "choose a bundled model, or give the folder of a model on this machine"


def find_cached(name: str) -> Path | None:
    """The newest snapshot in the hub's cache that is whole; None when there is none."""
    snapshots = find_model_folder(name) / "snapshots"
    if not os.path.isdir(snapshots):  # unlike Path's, False for a home that may not be looked into
        return None
    newest_first = sorted(snapshots.iterdir(), key=lambda f: f.stat().st_mtime, reverse=True)
    return next((folder for folder in newest_first if _is_whole(folder, name)), None)


def _is_whole(folder: Path, name: str) -> bool:
    from lab.encoders.tokens import VOCABULARY_FILES

    try:
        for part in _parts_with_weights(folder, name):
            find_weights(part, name)
    except (ModelError, OSError, LookupError, TypeError, ValueError):
        return False
    return any(next(folder.rglob(file), None) for file in VOCABULARY_FILES)


def _parts_with_weights(folder: Path, name: str) -> Iterator[Path]:
    if not (folder / "modules.json").is_file():
        yield folder
        return
    for row in read_json(folder / "modules.json", name):
        if str(row["type"]).endswith((".Transformer", ".Dense")):
            yield folder / row["path"]


def _probe(api: HfApi, name: str) -> ModelInfo:
    """Ask for the model's list of files; give up after PROBE_SECONDS whatever happens."""
    answer: list[Any] = []

    def ask() -> None:
        try:
            answer.append(api.model_info(name, timeout=PROBE_SECONDS))
        except Exception as error:
            answer.append(error)

    # A daemon thread: one that hangs in name resolution must not keep the process alive.
    thread = threading.Thread(target=ask, daemon=True, name="hub probe")
    thread.start()
    thread.join(PROBE_SECONDS)
    if answer and not isinstance(answer[0], Exception):
        return answer[0]
    raise _explain(answer[0] if answer else None, name)


def _explain(error: Exception | None, name: str) -> ModelError:
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    if isinstance(error, GatedRepoError):
        return ModelError(
            f"{name!r} is gated; accept its terms on the hub and log in (hf auth login), "
            f"or {_WAY_OUT}"
        )
    if isinstance(error, RepositoryNotFoundError):
        return ModelError(f"the hub has no model {name!r}; check its spelling, or {_WAY_OUT}")
    return ModelError(
        f"{name!r} is not on this machine and the model hub cannot be reached; {_WAY_OUT}"
    )


def _has_safetensors(info: ModelInfo) -> bool:
    """Whether the network's own weights are among the files; older layouts put them in 0_*."""
    files = [file.rfilename for file in info.siblings or ()]
    return any(re.fullmatch(rf"(0_\w+/)?{re.escape(WEIGHTS)}(\.index\.json)?", f) for f in files)


def _find_conversion(api: HfApi, name: str) -> ModelInfo:
    """What the converter's open pull request holds; ModelError when there is none."""
    with _answering(name):
        for request in api.get_repo_discussions(name, author=CONVERSION_AUTHOR):
            if request.is_pull_request and request.author == CONVERSION_AUTHOR:
                info = api.model_info(name, revision=f"refs/pr/{request.num}")
                if _has_safetensors(info):
                    return info
    raise ModelError(
        f"{name!r} has no safetensors on the hub, only a pickle, which can run code when it is "
        f"opened; {_WAY_OUT}"
    )


@contextmanager
def _answering(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise ModelError(
            f"the hub stopped answering about {name!r} ({type(error).__name__}); "
            f"try again, or {_WAY_OUT}"
        ) from error
