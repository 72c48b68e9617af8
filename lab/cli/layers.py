"""`python -m lab layers MODEL`: what LoRA can go on, and what it would cost."""

from __future__ import annotations

import argparse

from lab.cli.arguments import blame, load_model
from lab.cli.tables import print_table

RANK = 8


def add_to(commands: argparse._SubParsersAction) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("layers", help="list a model's layers that LoRA can go on")
    parser.add_argument("model", metavar="MODEL", help="a bundled name, a hub id or a folder")
    parser.add_argument("--r", type=int, default=RANK, help=f"rank to count for (default {RANK})")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print the model and one row per leaf name, narrower names below it."""
    from lab.config import LoRAConfig
    from lab.lora import count_parameters, find_target_modules

    with blame("--r", options.r):
        LoRAConfig(r=options.r)
    encoder = load_model("MODEL", options.model)
    print(encoder.module)
    rows = []
    for group in find_target_modules(encoder.module):
        for part in [group, *group.by_parent]:
            shapes = ", ".join(f"{s.out_features} x {s.in_features}" for s in part.shapes)
            name = part.name if part is group else f"  {part.name}"
            count = f"{part.parameters(options.r):,}"
            rows.append([name, part.kind, part.count, shapes, count])
    print()
    print_table(["name", "kind", "layers", "out x in", f"parameters at r = {options.r}"], rows)
    _, total = count_parameters(encoder.module)
    print(f"\n{total:,} parameters in the model")
