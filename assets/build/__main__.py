"""`python -m assets.build [NAME ...]`: make the pairs, or the named models, or everything."""

from __future__ import annotations

import sys

from assets.build.pairs import build_pairs


def main(names: list[str]) -> None:
    """Build what is named; without names everything, pairs first."""
    if not names or "pairs" in names:
        build_pairs()


if __name__ == "__main__":
    main(sys.argv[1:])
