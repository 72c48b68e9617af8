"""Whatever the bytes: pairs, a model or an adapter come of them, or a LabError, and in time.

The examples are drawn anew by the same numbers on every run (derandomize). `fuzz_readers.py` looks
further, led by which code each input reaches.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.entry_points import Reader, is_answered, model_readers, upload_readers
from tests.hostile.watch import listen

UPLOADS = upload_readers()
MODEL_FILES = (
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "adapter_config.json",
    "adapter_model.safetensors",
)
FIXED = {
    "derandomize": True,
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}

pytestmark = pytest.mark.filterwarnings("ignore")  # libraries warn of broken files
Edit = tuple[float, bytes, int]
edits = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6), st.integers(0, 6)),
    max_size=6,
)


def damage(data: bytes, changes: list[Edit]) -> bytes:
    """The bytes with some replaced, put in or taken out: (place, new ones, how many old ones)."""
    for place, new, old in changes:
        at = int(place * len(data))
        data = data[:at] + new + data[at + old :]
    return data


def hold(reader: Reader, data: bytes) -> None:
    """The reader answers, and does nothing that no reader may do."""
    with tempfile.TemporaryDirectory() as folder:
        with listen() as heard:
            is_answered(reader, data, Path(folder))
        assert not [event for event in heard if folder not in event]


@pytest.mark.parametrize("name", UPLOADS)
def test_damaged_uploads_are_answered(name: str) -> None:
    reader, good = UPLOADS[name]

    @settings(max_examples=60, **FIXED)
    @given(edits)
    def check(changes: list[Edit]) -> None:
        hold(reader, damage(good, changes))

    check()


@pytest.mark.parametrize("name", UPLOADS)
def test_any_bytes_are_answered(name: str) -> None:
    reader, _ = UPLOADS[name]

    @settings(max_examples=40, **FIXED)
    @given(st.binary(max_size=300))
    def check(data: bytes) -> None:
        hold(reader, data)

    check()


@settings(max_examples=100, **FIXED)
@given(st.text(max_size=300), st.sampled_from([".csv", ".tsv", ".jsonl"]))
def test_any_text_is_answered(text: str, suffix: str) -> None:
    hold(UPLOADS[suffix][0], text.encode("utf-8", "surrogatepass"))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Reader, bytes]]:
    """Readers of a model's and an adapter's files."""
    return model_readers(tmp_path_factory.mktemp("models"))


@pytest.mark.parametrize("name", MODEL_FILES)
def test_damaged_model_files_are_answered(
    name: str, models: Mapping[str, tuple[Reader, bytes]]
) -> None:
    reader, good = models[name]

    @settings(max_examples=25, **FIXED)
    @given(edits)
    def check(changes: list[Edit]) -> None:
        hold(reader, damage(good, changes))

    check()


@pytest.mark.parametrize("name", [name for name in MODEL_FILES if name.endswith(".json")])
def test_settings_of_any_kind_are_answered(
    name: str, models: Mapping[str, tuple[Reader, bytes]], reset: Callable[..., bytes]
) -> None:
    reader, good = models[name]

    @settings(max_examples=25, **FIXED)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        hold(reader, reset(good, data))

    check()


@pytest.fixture
def reset() -> Callable[[bytes, st.DataObject], bytes]:
    """Sets one setting of a JSON file to a value of any kind."""
    import json

    def change(good: bytes, data: st.DataObject) -> bytes:
        content = json.loads(good)
        content[data.draw(st.sampled_from(sorted(content)))] = data.draw(values)
        return json.dumps(content).encode()

    return change
