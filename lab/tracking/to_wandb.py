"""Runs in Weights & Biases, or with WANDB_MODE=offline in a folder that `wandb sync` sends."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import TrackingError
from lab.tracking.names import artifact_name, flat_config
from lab.tracking.results import Results
from lab.tracking.tracker import Start

if TYPE_CHECKING:
    import wandb

WEAVE = "WANDB_DISABLE_WEAVE"
LONGEST_TAG = 64  # characters that W&B takes
LONGEST_WAIT = 600  # seconds for what is not yet sent at a run's end; it stays on disk for later


class WandbTracker:
    """One run. folder: holds `wandb/`; None: where WANDB_DIR says, or the working folder.

    Raises TrackingError where runs would be sent and W&B knows no account: it would ask for one
    in the middle of a run.
    """

    def __init__(self, folder: Path | None = None) -> None:
        _check_account()
        self._folder = folder
        self._run: wandb.Run | None = None
        self._last = 0

    def start(self, start: Start) -> str:
        """Open the run beside any other of this process."""
        import wandb

        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        config = start.config
        with _without_weave():
            self._run = wandb.init(
                project=start.project,
                name=start.name,
                group=start.group,
                job_type="finetune",
                tags=[_tag(config.model), _tag(config.pairs)],
                config=flat_config(config),
                dir=self._folder,
                reinit="create_new",
                # Its own lines would stand among ours, and wrapping stdout would take ours away.
                settings=wandb.Settings(silent=True, console="off", finish_timeout=LONGEST_WAIT),
            )
        where = self._run.settings.sync_dir
        return f"wandb sync {where}" if self._run.offline else str(self._run.url)

    def step(self, step: int, values: Mapping[str, float]) -> None:
        """One row of the run's history."""
        self._last = step
        self._run.log(dict(values), step=step)

    def finish(self, results: Results) -> None:
        """Final values as the summary, figures at the last step, the adapter as an artifact."""
        import wandb

        pictures = {name: wandb.Image(picture) for name, picture in results.pictures.items()}
        page = {}
        if results.report is not None:
            page["report"] = wandb.Html(str(results.report), inject=False)
        self._run.log({**pictures, **page}, step=self._last)
        self._run.summary.update(dict(results.summary))
        if results.adapter is not None:
            name = artifact_name(self._run.name)
            artifact = wandb.Artifact(name, type="model", metadata=dict(results.about))
            for file in sorted(results.adapter.iterdir()):  # add_dir would print
                artifact.add_file(str(file))
            self._run.log_artifact(artifact)

    def close(self, *, failed: bool) -> None:
        """End the run, and W&B's own process when no other run of ours needs it."""
        import wandb
        from wandb.sdk.wandb_setup import singleton

        try:
            if self._run is not None:
                self._run.finish(exit_code=int(failed))
        finally:
            if singleton().most_recent_active_run in (None, self._run):
                wandb.teardown()


@contextmanager
def _without_weave() -> Iterator[None]:
    """Where Hugging Face's client is loaded wandb praises its tracing of language models, aloud."""
    before = os.environ.get(WEAVE)
    os.environ[WEAVE] = "true"
    try:
        yield
    finally:
        if before is None:
            del os.environ[WEAVE]
        else:
            os.environ[WEAVE] = before


def _check_account() -> None:
    import wandb
    from wandb.sdk.lib.wbauth import read_netrc_auth

    settings = wandb.Settings()
    settings.update_from_system_settings()
    settings.update_from_env_vars(dict(os.environ))
    stays_here = settings.mode in ("offline", "disabled", "dryrun")
    key = settings.api_key or settings.identity_token_file
    if not stays_here and not key and not read_netrc_auth(host=settings.base_url):
        raise TrackingError(
            "Weights & Biases has no API key on this machine; run wandb login, or set "
            "WANDB_MODE=offline to keep runs here"
        )


def _tag(name: str) -> str:
    """A model's or a file's own name, without the folders around it."""
    return Path(name).name[-LONGEST_TAG:]
