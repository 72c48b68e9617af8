"""A comparison's verdict as a sentence of the table's, in whichever language that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lab.words import Words

if TYPE_CHECKING:
    from lab.analysis.compare import Verdict

MOST_DIGITS = 4


def verdict_sentence(
    verdicts: Mapping[str, Verdict],
    side_names: tuple[str, str],
    words: Words,
    controls: Mapping[str, Verdict] | None = None,
) -> str:
    """What became of recall@1: the mean of both directions, both where they differ, controls.

    verdicts: by direction, as Comparison.verdicts gives them. controls: by their sets' names.
    words: the place "verdict".
    """
    a, b = side_names
    sentence = _clause(verdicts["mean"], words, "mean", a=a, b=b)
    ways = {"b_to_a": (b, a), "a_to_b": (a, b)}
    if {verdicts[way].kind for way in ways} == {"rose", "fell"}:
        parts = (
            _clause(verdicts[way], words, "way", query=query, answer=answer)
            for way, (query, answer) in ways.items()
        )
        sentence += f"{words['joint']} {', '.join(parts)}"
    for name, control in (controls or {}).items():
        sentence += f"{words['joint']} {_clause(control, words, 'control', name=name)}"
    return sentence + "."


def _clause(verdict: Verdict, words: Words, about: str, **names: str) -> str:
    digits = _digits(verdict.before, verdict.after)
    return words[f"{about}_{verdict.kind}"].format(
        before=f"{verdict.before:.{digits}f}",
        after=f"{verdict.after:.{digits}f}",
        low=f"{verdict.low:+.{digits}f}",
        high=f"{verdict.high:+.{digits}f}",
        pairs=f"{verdict.pairs:,}",
        **names,
    )


def _digits(before: float, after: float) -> int:
    """Two, or as many as it takes to tell a small change."""
    told = (d for d in range(2, MOST_DIGITS + 1) if round(before, d) != round(after, d))
    return next(told, 2)
