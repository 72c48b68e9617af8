"""`python -m assets.build [NAME ...]`: make the pairs, or the named models, or everything."""

from __future__ import annotations

import sys
from importlib import import_module

MODELS = ("tiny-clip", "tiny-bert", "tiny-sentence", "tiny-gpt2")


def main(names: list[str]) -> None:
    """Build what is named; without names everything, pairs first."""
    unknown = set(names) - {"pairs", *MODELS}
    if unknown:
        raise SystemExit(f"unknown: {', '.join(unknown)}; name any of pairs, {', '.join(MODELS)}")
    if not names or "pairs" in names:
        import_module("assets.build.pairs").build_pairs()
    for model in MODELS:
        if not names or model in names:
            module = model.replace("-", "_")
            getattr(import_module(f"assets.build.{module}"), f"build_{module}")()


if __name__ == "__main__":
    main(sys.argv[1:])
