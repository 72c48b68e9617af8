"""`python -m lab models`: the catalogue."""

from __future__ import annotations

import argparse

from lab.cli.tables import print_table


def add_to(commands: argparse._SubParsersAction) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("models", help="list the models and what each takes")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print one row per model."""
    from lab.encoders.registry import CATALOGUE

    rows = [
        [
            row.name,
            row.family,
            row.kind,
            "bundled" if row.bundled else "hub",
            ", ".join(row.poolings),
            row.pairs,
        ]
        for row in CATALOGUE
    ]
    print_table(["model", "family", "pairs", "from", "pooling", "default pairs"], rows)
    print("\nA folder in the same layout works too: python -m lab layers ./my-model")
