"""Arguments that name models, pairs, targets and folders: checked before anything heavy runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import DataError, LabError, ModelError

if TYPE_CHECKING:
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder
    from lab.experiment import Report


class BadArgumentError(LabError):
    """An argument's value cannot be what was meant."""


@contextmanager
def blame(argument: str, value: object, *kinds: type[LabError]) -> Iterator[None]:
    """Within it, errors of `kinds` (all by default) become a BadArgumentError naming `argument`."""
    try:
        yield
    except LabError as error:
        if kinds and not isinstance(error, kinds):
            raise
        raise BadArgumentError(f"{argument} {value}: {error}") from error


def check_out(argument: str, folder: Path) -> None:
    """Raise BadArgumentError unless a run may be written to `folder`."""
    from lab.runs import check_is_free

    with blame(argument, folder):
        check_is_free(folder)


def split_targets(text: str) -> tuple[str, ...] | str:
    """ "q_proj,v_proj" -> names; anything with a regex's own characters -> one regex."""
    if any(character in text for character in r"\()[]{}*+?^$|"):
        return text
    return tuple(name.strip() for name in text.split(",") if name.strip())


def find_model(argument: str, name: str) -> None:
    """Raise BadArgumentError when `name` leads to no model; a hub's is downloaded."""
    from lab.encoders.folder import find_family
    from lab.encoders.load import find_folder

    with blame(argument, name, ModelError):
        find_family(*find_folder(name))


def load_model(argument: str, name: str, pooling: str | None = None) -> Encoder:
    """The encoder that `name` means; BadArgumentError when there is no such model or pooling."""
    from lab.encoders import load_encoder

    with blame(argument, _with(name, ("--pooling", pooling)), ModelError):
        return load_encoder(name, pooling)


def read_pairs_argument(
    argument: str, name: str, a_column: str | None, b_column: str | None, progress: Report
) -> PairDataset:
    """The pairs that `name` means; BadArgumentError when they cannot be read."""
    from lab.data import load_pairs
    from lab.experiment import Progress

    columns = (("--a-column", a_column), ("--b-column", b_column))
    with blame(argument, _with(name, *columns), DataError):
        return load_pairs(
            name, a_column, b_column, progress=lambda share: progress(Progress("pairs", share))
        )


def _with(name: str, *options: tuple[str, str | None]) -> str:
    """The name, with the given ones of the options that may be to blame as well."""
    return " ".join(
        [name, *(f"{option} {value}" for option, value in options if value is not None)]
    )
