"""What a process holds, it holds once."""

from __future__ import annotations

from pathlib import Path

from lab.config import RunConfig
from lab.visits.laboratory import Laboratory


def test_a_model_is_there_once_whatever_its_pooling_is_called(tmp_path: Path) -> None:
    """A page asks for a model's own pooling without knowing it, and by its name from then on."""
    laboratory = Laboratory(tmp_path)
    own = laboratory.prepared.encoder("tiny-bert", None)
    assert laboratory.prepared.encoder("tiny-bert", own.pooling) is own
    visitor = laboratory.visitor(None)
    runs = [RunConfig("tiny-bert", "captions-en-ko", pooling=name) for name in (None, own.pooling)]
    first, second = (laboratory.prepared.baseline(visitor, run, lambda _: None) for run in runs)
    assert first is second
