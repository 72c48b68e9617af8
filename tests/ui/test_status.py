"""What the line about a run says once it is over."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lab.ui.views import status_value
from lab.words import find_words


def over(micro_batch_size: int | None, status: str) -> SimpleNamespace:
    step = SimpleNamespace(step=3, micro_batch_size=micro_batch_size)
    outcome = SimpleNamespace(status=status, steps=[step], seconds={"training": 2.0}, error=None)
    result = SimpleNamespace(outcome=outcome)
    return SimpleNamespace(state="done", result=result, stopped_by=None)


@pytest.mark.parametrize("status", ["finished", "stopped"])
@pytest.mark.parametrize(
    ("language", "told"), [("en", "sufficed for 1,024 pairs at a time"), ("ko", "1,024쌍씩")]
)
def test_that_memory_did_not_suffice_for_whole_batches_is_told(
    status: str, language: str, told: str
) -> None:
    table = find_words(language)
    assert told in status_value(over(1024, status), table)["text"]
    whole = status_value(over(None, status), table)["text"]
    assert told not in whole
    assert whole in status_value(over(1024, status), table)["text"]
