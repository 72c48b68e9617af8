"""A run read back from its event file by TensorBoard's own reader."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tracked_runs import Finished, log

from lab.config import RunConfig
from lab.tracking import Tracking, read_results, tracked
from lab.tracking.names import flat_config, step_values


@pytest.fixture(scope="module")
def folder(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run's own folder."""
    home = tmp_path_factory.mktemp("tensorboard")
    where = log(Tracking("tensorboard", "colours", home), finished, "r=8", group="ranks")
    assert where == f"tensorboard --logdir {home / 'colours'}"
    return home / "colours" / "ranks" / "r=8"


@pytest.fixture(scope="module")
def events(folder: Path) -> EventAccumulator:
    everything = dict.fromkeys(("scalars", "images", "tensors"), 0)
    return EventAccumulator(str(folder), everything).Reload()


def hparams(events: EventAccumulator, tag: str) -> HParamsPluginData:
    content = events.PluginTagToContent("hparams")[f"_hparams_/{tag}"]
    return HParamsPluginData.FromString(content)


def test_every_step_is_there_with_its_values(events: EventAccumulator, finished: Finished) -> None:
    steps = finished.outcome.steps
    expected = [step_values(step, finished.outcome.config.train.epochs) for step in steps]
    for name in expected[0]:
        scalars = events.Scalars(name)
        assert [scalar.step for scalar in scalars] == [step.step for step in steps]
        values = np.float32([values[name] for values in expected])
        assert np.float32([scalar.value for scalar in scalars]).tolist() == values.tolist()


def test_final_values_are_scalars_and_columns_of_the_hparams_table(
    events: EventAccumulator, finished: Finished
) -> None:
    last = finished.outcome.steps[-1].step
    experiment = hparams(events, "experiment").experiment
    columns = {info.name.tag for info in experiment.metric_infos}
    summary = read_results(finished.folder).summary
    assert len(columns) == len(summary)
    for name, value in summary.items():
        tag = name.replace("@", "_at_")
        assert tag in columns
        (scalar,) = events.Scalars(tag)
        assert (scalar.step, np.float32(scalar.value)) == (last, np.float32(value))


def test_settings_are_hyperparameters(events: EventAccumulator, finished: Finished) -> None:
    shown = hparams(events, "session_start_info").session_start_info.hparams
    values = {name: getattr(value, value.WhichOneof("kind")) for name, value in dict(shown).items()}
    config = flat_config(finished.outcome.config)
    assert values == {name: value for name, value in config.items() if value is not None}


def test_settings_are_a_text_too(events: EventAccumulator, finished: Finished) -> None:
    (text,) = events.Tensors("config/text_summary")
    rows = text.tensor_proto.string_val[0].decode().splitlines()
    assert f"| target_modules | `{','.join(finished.outcome.config.lora.target_modules)}` |" in rows


def test_figures_are_pictures(events: EventAccumulator, finished: Finished) -> None:
    pictures = read_results(finished.folder, [finished.maps]).pictures
    assert events.Tags()["images"] == list(pictures)
    for name, picture in pictures.items():
        (image,) = events.Images(name)
        drawn = Image.open(io.BytesIO(image.encoded_image_string)).convert("RGB")
        np.testing.assert_array_equal(np.asarray(drawn), np.asarray(picture))


def test_the_adapters_place_is_a_text(events: EventAccumulator, finished: Finished) -> None:
    (text,) = events.Tensors("adapter/text_summary")
    assert str(finished.folder / "adapter") in text.tensor_proto.string_val[0].decode()


def test_a_run_is_one_file(folder: Path) -> None:
    assert len(list(folder.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_told(
    config_of: dict[str, RunConfig], tmp_path: Path
) -> None:
    (tmp_path / "runs").write_text("a file")
    told: list[Exception] = []
    tracking = Tracking("tensorboard", folder=tmp_path / "runs")
    with tracked(tracking, config_of["bert"], lambda _: None, name="run", tell=told.append) as run:
        assert run.where is None
    assert len(told) == 1
