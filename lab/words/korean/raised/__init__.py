"""What the rooms raise in English, in Korean: errors, findings, and reasons for rows left out.

English template -> Korean, with the same gaps (`lab.words.translate` says how they are written).
English has no such table: its sentences stand where they are raised, and a test finds them there.
"""

from __future__ import annotations

from lab.words.korean.raised.distributed import DISTRIBUTED
from lab.words.korean.raised.findings import FINDINGS
from lab.words.korean.raised.layers import LAYERS
from lab.words.korean.raised.models import MODELS
from lab.words.korean.raised.rows import ROWS
from lab.words.korean.raised.runs import RUNS
from lab.words.korean.raised.settings import SETTINGS
from lab.words.korean.raised.tracking import TRACKING
from lab.words.korean.raised.uploads import UPLOADS

RAISED = {
    **DISTRIBUTED,
    **FINDINGS,
    **LAYERS,
    **MODELS,
    **ROWS,
    **RUNS,
    **SETTINGS,
    **TRACKING,
    **UPLOADS,
}
