"""The lab in Korean."""

from __future__ import annotations

from lab.words.korean.card import CARD
from lab.words.korean.charts import CHARTS
from lab.words.korean.explorer import EXPLORER
from lab.words.korean.guide import GUIDE
from lab.words.korean.inside import INSIDE
from lab.words.korean.maps import MAPS
from lab.words.korean.matrices import MATRICES
from lab.words.korean.numbers import NUMBERS
from lab.words.korean.page import PAGE
from lab.words.korean.ranks import RANKS
from lab.words.korean.report import REPORT
from lab.words.korean.runs import RUNS
from lab.words.korean.subspaces import SUBSPACES

KOREAN = {
    "language": {"code": "ko"},
    **CARD,
    **CHARTS,
    **EXPLORER,
    **GUIDE,
    **INSIDE,
    **MAPS,
    **MATRICES,
    **NUMBERS,
    **PAGE,
    **RANKS,
    **REPORT,
    **RUNS,
    **SUBSPACES,
}
