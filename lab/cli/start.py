"""What a run starts from: the model and the pairs that were named, and settings that suit both."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from lab.baseline import check_kinds_agree
from lab.cli.arguments import blame, find_model, load_model, read_pairs_argument
from lab.cli.settings import Given, fill
from lab.config import RunConfig
from lab.progress import Progress, Report

if TYPE_CHECKING:
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder


def load_run(
    options: argparse.Namespace, given: Given, report: Report
) -> tuple[Encoder, PairDataset, RunConfig]:
    """-> the base, the pairs and the run's settings. Raises BadArgumentError."""
    from lab.defaults import suggest

    find_model("--model", options.model)
    pairs = options.pairs or _own_pairs(options.model)
    columns = (options.a_column, options.b_column)
    dataset = read_pairs_argument("--pairs", pairs, *columns, report)
    report(Progress("model"))
    encoder = load_model("--model", options.model, options.pooling)
    with blame("--pairs", pairs):
        check_kinds_agree(encoder, dataset)
    return encoder, dataset, fill(suggest(options.model, pairs, encoder, dataset), options, given)


def _own_pairs(model: str) -> str:
    from lab.encoders.registry import find_row

    with blame("--model", model):
        return find_row(model).pairs
