"""Models from the Hugging Face hub: from the cache, or downloaded; quick to say when it is away."""

from __future__ import annotations

import os
import re
import threading
import urllib.error
import urllib.request
from pathlib import Path

from lab.errors import ModelError

PATTERNS = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.txt", "*.model")
REACH_SECONDS = 3.5  # of the 5 within which an unreachable hub must be reported
CONVERSION_BOT = "SFconvertbot"


def looks_like_hub_id(name: str) -> bool:
    """Whether a name can be a hub id: "owner/name" or a bare name, nothing that is a path."""
    part = r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}"
    return re.fullmatch(rf"(?:{part}/)?{part}", name) is not None and ".." not in name


def find_hub_folder(repo: str) -> Path:
    """The folder with the files of a hub model, from the cache when they are there.

    Raises ModelError within 5 s when they are not and the hub cannot be reached, and when the
    hub has no such model or no safetensors of it.
    """
    cached = _from_cache(repo)
    if cached is not None:
        return cached
    if not is_reachable():
        raise ModelError(
            f"{repo!r} is not on this machine and the hub cannot be reached; choose a bundled "
            "model (tiny-clip, tiny-gpt2, tiny-bert, tiny-sentence) or a local folder"
        )
    return _download(repo)


def _from_cache(repo: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(repo, local_files_only=True))
    except (LocalEntryNotFoundError, OSError):
        return None
    return folder if any(folder.glob("**/*.safetensors")) else None


def is_reachable() -> bool:
    """Whether the hub answers at all within a few seconds; proxies are honoured.

    Asked in a thread of its own: a name server that is away can hold a request far beyond its
    own time limit.
    """
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "TRUE", "YES", "ON"):
        return False
    answered = threading.Event()
    thread = threading.Thread(target=_ask, args=(answered,), name="hub", daemon=True)
    thread.start()
    thread.join(REACH_SECONDS)
    return answered.is_set()


def _ask(answered: threading.Event) -> None:
    from huggingface_hub.constants import ENDPOINT

    request = urllib.request.Request(ENDPOINT, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=REACH_SECONDS):
            answered.set()
    except urllib.error.HTTPError:
        answered.set()  # an answer, if not a friendly one
    except (OSError, ValueError):
        return


def _download(repo: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    try:
        revision = _revision_with_safetensors(repo)
        folder = snapshot_download(repo, revision=revision, allow_patterns=list(PATTERNS))
    except (HfHubHTTPError, OSError) as error:
        raise ModelError(
            f"{repo!r} could not be downloaded ({type(error).__name__}); check its name on the "
            "hub and that it is public, or choose a bundled model"
        ) from error
    return Path(folder)


def _revision_with_safetensors(repo: str) -> str | None:
    """None for the main branch; the open conversion of the hub's own bot where main has none."""
    from huggingface_hub import HfApi

    api = HfApi()
    if any(file.endswith(".safetensors") for file in api.list_repo_files(repo)):
        return None
    for discussion in api.get_repo_discussions(repo):
        by_bot = discussion.is_pull_request and discussion.author == CONVERSION_BOT
        if by_bot and discussion.status == "open":
            return discussion.git_reference or f"refs/pr/{discussion.num}"
    raise ModelError(
        f"{repo!r} has no safetensors on the hub, and pickle files are never loaded; choose "
        "another model"
    )
