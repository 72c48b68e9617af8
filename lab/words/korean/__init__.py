"""The lab in Korean."""

from __future__ import annotations

from lab.words.korean.charts import CHARTS
from lab.words.korean.explorer import EXPLORER
from lab.words.korean.inside import INSIDE
from lab.words.korean.page import PAGE
from lab.words.korean.report import REPORT

KOREAN = {**CHARTS, **INSIDE, **PAGE, **REPORT, **EXPLORER}
