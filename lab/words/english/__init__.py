"""The lab in English."""

from __future__ import annotations

from lab.words.english.charts import CHARTS
from lab.words.english.explorer import EXPLORER
from lab.words.english.inside import INSIDE
from lab.words.english.page import PAGE
from lab.words.english.report import REPORT

ENGLISH = {**CHARTS, **INSIDE, **PAGE, **REPORT, **EXPLORER}
