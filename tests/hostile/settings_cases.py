"""Model folders whose settings or tokenizer ask for more than is there, or for something else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.hostile.checkpoint_cases import TABLE, edit, edit_tensors, model
from tests.tiny_checkpoints import write_clip, write_gpt2


@model("no config.json")
def no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


@model("a config.json that is a directory")
def config_directory(folder: Path) -> None:
    (folder / "config.json").unlink()
    (folder / "config.json").mkdir()


@model("a config.json of 100,000 nested lists")
def deep_config(folder: Path) -> None:
    (folder / "config.json").write_text("[" * 100_000 + "]" * 100_000)


@model("a config.json of 9 MB")
def large_config(folder: Path) -> None:
    edit(folder / "config.json", padding=" " * (9 << 20))


@model("a config.json that is a list")
def config_list(folder: Path) -> None:
    (folder / "config.json").write_text('[{"model_type": "bert"}]')


@model("a model_type that is a list")
def type_list(folder: Path) -> None:
    edit(folder / "config.json", model_type=["bert"])


@model("hidden_size = 10^9")
def wide(folder: Path) -> None:
    edit(folder / "config.json", hidden_size=10**9)


@model("num_hidden_layers = 10^9")
def deep(folder: Path) -> None:
    edit(folder / "config.json", num_hidden_layers=10**9)


@model("vocab_size = 10^12")
def many_tokens(folder: Path) -> None:
    edit(folder / "config.json", vocab_size=10**12)


@model("max_position_embeddings = 10^9 and a table of one column", write_gpt2)
def many_positions(folder: Path) -> None:
    edit(folder / "config.json", n_positions=10**9)


@model("layers of a picture tower: 10^9", write_clip)
def deep_tower(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    config["vision_config"]["num_hidden_layers"] = 10**9
    edit(folder / "config.json", **config)


@model("pictures of 10^9 pixels a side", write_clip)
def large_pictures(folder: Path) -> None:
    edit(folder / "preprocessor_config.json", size={"shortest_edge": 10**9}, crop_size=10**9)


@model("pictures scaled to 10^9 pixels before they are cut", write_clip)
def large_scale(folder: Path) -> None:
    edit(folder / "preprocessor_config.json", size={"shortest_edge": 10**9})


@model("an image processor that is a list", write_clip)
def processor_list(folder: Path) -> None:
    (folder / "processor_config.json").write_text("[]")


@model("no attention heads")
def no_heads(folder: Path) -> None:
    edit(folder / "config.json", num_attention_heads=0)


@model("sizes that are no numbers")
def no_numbers(folder: Path) -> None:
    edit(folder / "config.json", hidden_size="wide", intermediate_size=None)


@model("NaN for a setting: layer_norm_eps")
def nan_setting(folder: Path) -> None:
    edit(folder / "config.json", layer_norm_eps=float("nan"))


@model("no tokenizer")
def no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


@model("a tokenizer.json cut in half")
def half_tokenizer(folder: Path) -> None:
    text = (folder / "tokenizer.json").read_text()
    (folder / "tokenizer.json").write_text(text[: len(text) // 2])


@model("a tokenizer.json of nested normalizers, 10,000 deep")
def deep_tokenizer(folder: Path) -> None:
    text = (folder / "tokenizer.json").read_text()
    normalizer = '{"type":"Sequence","normalizers":[' * 10_000 + "]}" * 10_000
    content = json.loads(text)
    content["normalizer"] = 0
    (folder / "tokenizer.json").write_text(
        json.dumps(content).replace('"normalizer": 0', f'"normalizer": {normalizer}')
    )


def edit_tokenizer(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Changes tokenizer.json."""
    content = json.loads((folder / "tokenizer.json").read_text())
    change(content)
    (folder / "tokenizer.json").write_text(json.dumps(content))


@model("a token whose number the model has no row for")
def far_token(folder: Path) -> None:
    edit_tokenizer(folder, lambda content: content["model"]["vocab"].update(small=10**6))


@model("special tokens whose numbers the model has no rows for")
def far_specials(folder: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        for token in content["post_processor"]["special_tokens"].values():
            token["ids"] = [10**6]

    edit_tokenizer(folder, change)


@model("a tokenizer that lacks its unknown token")
def no_unknown(folder: Path) -> None:
    edit_tokenizer(folder, lambda content: content["model"].update(unk_token="[NONE]"))


@model("a longest text of no tokens")
def no_length(folder: Path) -> None:
    edit(folder / "tokenizer_config.json", model_max_length=0)


@model("a longest text of -5 tokens")
def negative_length(folder: Path) -> None:
    edit(folder / "tokenizer_config.json", model_max_length=-5)


@model("a longest text of one token, fewer than the special ones")
def short_length(folder: Path) -> None:
    edit(folder / "tokenizer_config.json", model_max_length=1)


@model("a vocabulary said to be /etc/passwd: not read")
def vocabulary_outside(folder: Path) -> None:
    edit(folder / "tokenizer_config.json", vocab_file="/etc/passwd", tokenizer_file="/etc/passwd")


@model("a tokenizer of a larger model")
def large_tokenizer(folder: Path) -> None:
    edit(folder / "config.json", vocab_size=10)
    edit_tensors(folder, lambda tensors: tensors.update({TABLE: tensors[TABLE][:10].clone()}))


@model("quantized weights")
def quantized(folder: Path) -> None:
    edit(folder / "config.json", quantization_config={"bits": 4})


@model("another architecture")
def another_type(folder: Path) -> None:
    edit(folder / "config.json", model_type="t5")


@model("an adapter where a model should be")
def an_adapter(folder: Path) -> None:
    (folder / "adapter_config.json").write_text("{}")
