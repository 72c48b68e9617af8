"""`python -m lab export DIR --merged OUT`: a run's model with the adapter in its weights."""

from __future__ import annotations

import argparse
from pathlib import Path

from lab.cli.arguments import blame, check_out


def add_to(commands: argparse._SubParsersAction) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("export", help="write a run's model, merged with its adapter")
    parser.add_argument("folder", type=Path, metavar="DIR", help="as given to --out")
    parser.add_argument("--merged", required=True, type=Path, metavar="OUT", help="a new folder")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the merged model and say how far it is from base plus adapter."""
    from lab.archive import export_merged
    from lab.runs import read_run

    check_out("--merged", options.merged)
    with blame("DIR", options.folder):
        finished = read_run(options.folder)
    difference = export_merged(finished, options.merged)
    print(f"{options.merged} holds {finished.config.model} with the adapter in its weights.")
    if difference is None:
        print(f"It was not measured: the pairs {finished.config.pairs!r} are no longer there.")
    else:
        print(f"Read back from its files, it differs from base plus adapter by {difference:.1e}.")
