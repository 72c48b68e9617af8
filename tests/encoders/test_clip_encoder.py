"""CLIP against transformers' own model and processor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from tiny_checkpoints import TEXTS, write_clip
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from lab.data.pair import Picture
from lab.encoders import load_encoder
from lab.encoders.base import Encoder
from lab.encoders.pixels import PixelSettings, read_pixel_settings
from lab.errors import DataError, ModelError

SHAPES = [(40, 30), (30, 40), (32, 32), (200, 33), (7, 90), (5, 5), (1, 300)]


@pytest.fixture
def pictures(picture: Callable[..., Picture]) -> list[Picture]:
    return [picture(*shape, seed) for seed, shape in enumerate(SHAPES)]


@pytest.mark.parametrize("old_layout", [True, False], ids=["old layout", "new layout"])
def test_embeddings_are_projected_features(
    old_layout: bool, pictures: list[Picture], tmp_path: Path
) -> None:
    folder = write_clip(tmp_path / "clip", old_layout=old_layout)
    encoder = load_encoder(folder)
    assert isinstance(encoder, Encoder)
    network = transformers.CLIPModel.from_pretrained(folder).eval()
    pixels = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=32)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    with torch.no_grad():
        output = network(
            **pixels([picture.open() for picture in pictures], return_tensors="pt"),
            **tokenizer(TEXTS, padding=True, truncation=True, max_length=24, return_tensors="pt"),
        )
        images = encoder.embed(encoder.preprocess(pictures, "a"), "a")
        texts = encoder.embed(encoder.preprocess(TEXTS, "b"), "b")
    assert images.shape == (len(pictures), encoder.dim)
    normalize = torch.nn.functional.normalize
    torch.testing.assert_close(normalize(images), output.image_embeds, rtol=0, atol=1e-5)
    torch.testing.assert_close(normalize(texts), output.text_embeds, rtol=0, atol=1e-5)
    assert (images.norm(dim=1) - 1).abs().min() > 1e-3  # as the model gives them: not normalised


def test_towers_are_prefixes_of_module_paths(clip_folder: Path) -> None:
    encoder = load_encoder(clip_folder)
    paths = [path for path, _ in encoder.module.named_parameters()]
    assert set(encoder.towers) == {"vision", "text"}
    for prefix in encoder.towers.values():
        assert any(path.startswith(prefix + ".") for path in paths)


def test_saved_folder_loads_to_same_encoder(clip_folder: Path, pictures: list[Picture]) -> None:
    encoder = load_encoder(clip_folder)
    encoder.save(clip_folder.parent / "copy")
    copy = load_encoder(clip_folder.parent / "copy")
    for items, side in ((pictures, "a"), (TEXTS, "b")):
        inputs = encoder.preprocess(items, side)
        assert all(torch.equal(inputs[k], t) for k, t in copy.preprocess(items, side).items())
        assert torch.equal(copy.embed(inputs, side), encoder.embed(inputs, side))


SETTINGS = [
    {},
    {"size": 64, "crop_size": 48},
    {"size": {"shortest_edge": 40}, "crop_size": {"height": 32, "width": 48}},
    {"size": {"height": 20, "width": 36}, "do_center_crop": False, "resample": 2},
    {"do_resize": False, "crop_size": 31, "do_normalize": False},
    {"size": 32, "crop_size": 64, "do_rescale": False},
    {"size": 32, "crop_size": 32, "image_mean": [0.5] * 3, "image_std": [0.25] * 3},
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_pixels_match_transformers(settings: dict, pictures: list[Picture], tmp_path: Path) -> None:
    theirs = CLIPImageProcessorPil(**settings)
    theirs.save_pretrained(tmp_path)
    ours = read_pixel_settings(tmp_path, "model")
    for picture in pictures:
        expected = theirs([picture.open()], return_tensors="pt")["pixel_values"]
        found = ours([picture])["pixel_values"]
        torch.testing.assert_close(found, expected, rtol=0, atol=2e-5 * max(1, 255 * ours.scale))


def test_old_settings_with_plain_numbers_are_read(tmp_path: Path) -> None:
    # openai/clip-vit-base-patch32's own preprocessor_config.json, in short.
    (tmp_path / "preprocessor_config.json").write_text(
        '{"crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true,'
        ' "feature_extractor_type": "CLIPFeatureExtractor", "resample": 3, "size": 224,'
        ' "image_mean": [0.48145466, 0.4578275, 0.40821073],'
        ' "image_std": [0.26862954, 0.26130258, 0.27577711]}'
    )
    assert read_pixel_settings(tmp_path, "model") == PixelSettings()


def test_each_picture_is_processed_alone(pictures: list[Picture], clip_folder: Path) -> None:
    encoder = load_encoder(clip_folder)
    batch = encoder.preprocess(pictures, "a")["pixel_values"]
    alone = [encoder.preprocess([picture], "a")["pixel_values"] for picture in pictures]
    assert torch.equal(batch, torch.cat(alone))
    assert batch.is_contiguous()


def test_broken_picture_is_data_error(
    clip_folder: Path, picture: Callable[..., Picture], tmp_path: Path
) -> None:
    broken = picture()
    (tmp_path / broken.name).write_bytes((tmp_path / broken.name).read_bytes()[:60])
    with pytest.raises(DataError):
        load_encoder(clip_folder).preprocess([broken], "a")


def test_processor_of_other_size_is_refused(clip_folder: Path) -> None:
    CLIPImageProcessorPil().save_pretrained(clip_folder)
    with pytest.raises(ModelError, match=r"32 x 32 .*\(224, 224\)"):
        load_encoder(clip_folder)


def test_full_size_vit_b32_loads_and_embeds(
    picture: Callable[..., Picture], tmp_path: Path
) -> None:
    """openai/clip-vit-base-patch32 in its own dimensions, with random weights."""
    folder = write_clip(tmp_path / "small")
    settings = {"vocab_size": 49_408, "max_position_embeddings": 77, "eos_token_id": 49_407}
    with torch.device("meta"):
        network = transformers.CLIPModel(transformers.CLIPConfig(text_config=settings))
    network = network.to_empty(device="cpu")
    generator = np.random.default_rng(0)
    for tensor in [*network.parameters(), *network.buffers()]:
        if tensor.is_floating_point():
            noise = generator.standard_normal(tensor.shape, dtype=np.float32)
            tensor.data.copy_(torch.from_numpy(noise) * 0.02)
    network.save_pretrained(folder)
    CLIPImageProcessorPil().save_pretrained(folder)
    encoder = load_encoder(folder)
    with torch.no_grad():
        image = encoder.embed(encoder.preprocess([picture(640, 480)], "a"), "a")
        text = encoder.embed(encoder.preprocess(TEXTS[:1], "b"), "b")
    assert sum(p.numel() for p in encoder.module.parameters()) == 151_277_313
    assert image.shape == text.shape == (1, encoder.dim) == (1, 512)
    assert image.isfinite().all()
    assert text.isfinite().all()
    assert encoder.max_length == 24  # its tokenizer's own limit is below its 77 positions
