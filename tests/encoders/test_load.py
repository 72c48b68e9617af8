"""What is not loaded, and how each refusal says the way out."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from tiny_checkpoints import write_bert, write_clip

from lab.encoders import load_encoder, registry
from lab.errors import ModelError

Change = Callable[[Path], None]


def edit_json(file: str, **changes: object) -> Change:
    def change(folder: Path) -> None:
        config = {**json.loads((folder / file).read_text()), **changes}
        (folder / file).write_text(json.dumps(config))

    return change


def edit_weights(edit: Callable[[dict[str, torch.Tensor]], object]) -> Change:
    def change(folder: Path) -> None:
        tensors = load_file(folder / "model.safetensors")
        edit(tensors)
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})

    return change


def to_pickle(folder: Path) -> None:
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()


def truncate(file: str) -> Change:
    def change(folder: Path) -> None:
        (folder / file).write_bytes((folder / file).read_bytes()[:200])

    return change


def remove(*files: str) -> Change:
    return lambda folder: [(folder / file).unlink() for file in files]


def shard_outside(folder: Path) -> None:
    shutil.move(folder / "model.safetensors", folder.parent / "model.safetensors")
    index = {"metadata": {}, "weight_map": {"a": "../model.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


QUERY = "encoder.layer.1.attention.self.query.weight"
BROKEN = {
    "a pickle": (to_pickle, "pytorch_model.bin, a pickle"),
    "no weights": (remove("model.safetensors"), "no model.safetensors"),
    "half a file": (truncate("model.safetensors"), "cannot be loaded"),
    "a tensor missing": (edit_weights(lambda t: t.pop(QUERY)), f"lacks 1 .* {QUERY}"),
    "another shape": (
        edit_weights(lambda t: t.update({QUERY: torch.zeros(3, 16)})),
        "cannot be loaded",
    ),
    "NaN": (edit_weights(lambda t: t[QUERY].fill_(float("nan"))), f"NaN .* {QUERY}"),
    "infinity": (edit_weights(lambda t: t[QUERY][0].fill_(float("inf"))), f"infinite .* {QUERY}"),
    "a shard outside": (shard_outside, "outside its folder"),
    "no config": (remove("config.json"), "no config.json"),
    "config not JSON": (truncate("config.json"), "not JSON"),
    "another type": (edit_json("config.json", model_type="t5"), "'t5'.* choose .*roberta"),
    "quantized": (edit_json("config.json", quantization_config={"bits": 4}), "quantized"),
    "nonsense sizes": (edit_json("config.json", hidden_size="wide"), "cannot be loaded"),
    "no tokenizer": (remove("tokenizer.json"), "no tokenizer"),
    "half a tokenizer": (truncate("tokenizer.json"), "tokenizer.json that is not JSON"),
    "an adapter": (lambda f: (f / "adapter_config.json").write_text("{}"), "is an adapter"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_folder_is_refused_in_one_sentence(what: str, bert_folder: Path) -> None:
    change, message = BROKEN[what]
    change(bert_folder)
    with pytest.raises(ModelError, match=message) as caught:
        load_encoder(bert_folder)
    text = str(caught.value)
    assert text.startswith("'bert'")
    assert "\n" not in text
    assert str(bert_folder.parent) not in text


def test_tokenizer_of_larger_model_is_refused(bert_folder: Path) -> None:
    table = "embeddings.word_embeddings.weight"
    edit_json("config.json", vocab_size=10)(bert_folder)
    edit_weights(lambda tensors: tensors.update({table: tensors[table][:10].clone()}))(bert_folder)
    with pytest.raises(ModelError, match="save the tokenizer that belongs to the model"):
        load_encoder(bert_folder)


def test_code_in_folder_is_never_run(bert_folder: Path) -> None:
    trap = bert_folder.parent / "sprung"
    code = f"import pathlib\npathlib.Path({str(trap)!r}).touch()\nclass Evil: ...\n"
    (bert_folder / "evil.py").write_text(code)
    names = {"AutoConfig": "evil.Evil", "AutoModel": "evil.Evil", "AutoTokenizer": "evil.Evil"}
    edit_json("config.json", auto_map=names)(bert_folder)
    edit_json("tokenizer_config.json", auto_map={"AutoTokenizer": ["evil.Evil", None]})(bert_folder)
    assert load_encoder(bert_folder).dim == 16
    assert not trap.exists()


def test_picture_settings_must_be_readable(tmp_path: Path) -> None:
    folder = write_clip(tmp_path / "clip")
    edit_json("preprocessor_config.json", size="large")(folder)
    with pytest.raises(ModelError, match="picture settings"):
        load_encoder(folder)
    (folder / "preprocessor_config.json").unlink()
    with pytest.raises(ModelError, match=r"no preprocessor_config\.json"):
        load_encoder(folder)


@pytest.mark.parametrize("name", ["tiny-clp", "./missing", "/no/such", "a/b/c", "..", "a b/c", ""])
def test_name_of_nothing_lists_what_there_is(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError) as caught:
        load_encoder(name)
    assert "\n" not in str(caught.value)


def test_bundled_name_goes_before_folder_of_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.encoders.load.bundled_models_dir", lambda: tmp_path / "models")
    monkeypatch.chdir(tmp_path)
    write_bert(tmp_path / "tiny-bert")
    with pytest.raises(ModelError, match="missing from assets/models"):
        load_encoder("tiny-bert")
    write_bert(tmp_path / "models" / "tiny-bert")
    encoder = load_encoder("tiny-bert")
    assert (encoder.name, encoder.pooling) == ("tiny-bert", registry.POOLINGS["bert"][0])


def test_folder_is_found_by_relative_path_and_called_by_its_last_part(
    bert_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bert_folder)
    assert load_encoder(".").name == "bert"
    assert load_encoder("../bert/").name == "bert"


def test_loading_prints_nothing(bert_folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    encoder = load_encoder(bert_folder)
    encoder.save(bert_folder.parent / "copy")
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """Threads take turns a thousand times as often, so that a race is not left to luck."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(interval / 1_000)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("restless_threads")
def test_loads_at_once_leave_no_patches_behind(bert_folder: Path) -> None:
    before = (transformers.PreTrainedModel.tie_weights, torch.nn.init.normal_)
    with ThreadPoolExecutor(8) as pool:
        encoders = list(pool.map(load_encoder, [bert_folder] * 24))
    assert (transformers.PreTrainedModel.tie_weights, torch.nn.init.normal_) == before
    expected = encoders[0].module.state_dict()
    for encoder in encoders[1:]:
        state = encoder.module.state_dict()
        assert all(torch.equal(state[name], tensor) for name, tensor in expected.items())


def test_loading_draws_no_random_numbers(bert_folder: Path) -> None:
    before = torch.get_rng_state()
    load_encoder(bert_folder)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_model_that_the_memory_left_does_not_suffice_for_is_refused(
    checkpoints: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = sum(p.numel() for p in load_encoder(checkpoints["bert"]).module.parameters()) * 4
    for free, fits in ((wanted, True), (wanted - 1, False), (None, True)):
        monkeypatch.setattr("lab.encoders.sizes.find_free", lambda free=free: free)
        if fits:
            load_encoder(checkpoints["bert"])
        else:
            with pytest.raises(ModelError, match="not enough memory for 'a-bert' at the moment"):
                load_encoder(checkpoints["bert"])


def test_memory_that_runs_out_on_the_way_is_told_as_such(
    checkpoints: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 B")

    monkeypatch.setattr("lab.encoders.weights.check_size", fail)
    with pytest.raises(ModelError, match="not enough memory for 'a-bert' at the moment"):
        load_encoder(checkpoints["bert"])
