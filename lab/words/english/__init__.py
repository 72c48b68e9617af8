"""The lab in English."""

from __future__ import annotations

from lab.words.english.card import CARD
from lab.words.english.charts import CHARTS
from lab.words.english.explorer import EXPLORER
from lab.words.english.guide import GUIDE
from lab.words.english.inside import INSIDE
from lab.words.english.maps import MAPS
from lab.words.english.matrices import MATRICES
from lab.words.english.numbers import NUMBERS
from lab.words.english.page import PAGE
from lab.words.english.ranks import RANKS
from lab.words.english.report import REPORT
from lab.words.english.runs import RUNS
from lab.words.english.subspaces import SUBSPACES

ENGLISH = {
    "language": {"code": "en"},
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
