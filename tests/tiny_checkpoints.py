"""Tiny random checkpoints, written in the layouts that the hub's own repositories have."""

from __future__ import annotations

import string
from pathlib import Path

import transformers

transformers.utils.logging.disable_progress_bar()

WORDS = [
    "a",
    "the",
    "small",
    "large",
    "red",
    "blue",
    "green",
    "circle",
    "square",
    "star",
    "at",
    "top",
    "left",
    "right",
    "on",
    "sky",
    "sand",
    "작은",
    "큰",
    "빨간",
    "파란",
    "원",
    "별",
    "위",
    "아래",
]
SIZES = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
TEXTS = [
    "a small red circle",
    "빨간 별",
    "the large blue square at the top left on the sky",
    "star",
]


def write_bert_tokenizer(folder: Path, words: list[str] = WORDS) -> int:
    """A WordPiece tokenizer; -> its number of tokens."""
    letters = [*string.ascii_lowercase, *("##" + letter for letter in string.ascii_lowercase)]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, *letters]
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys(vocabulary))}
    transformers.BertTokenizer(vocab=vocabulary, model_max_length=512).save_pretrained(folder)
    return len(vocabulary)


def byte_vocabulary(specials: list[str]) -> dict[str, int]:
    """The special tokens, then the 256 bytes as byte-level BPE spells them."""
    from tokenizers.pre_tokenizers import ByteLevel

    tokens = [*specials, *sorted(ByteLevel.alphabet())]
    return {token: number for number, token in enumerate(tokens)}


def write_gpt2(folder: Path, **changes: int) -> Path:
    """GPT-2 as its hub repository has it: no padding token, saved with its language head."""
    vocabulary = byte_vocabulary(["<|endoftext|>"])
    transformers.GPT2Tokenizer(vocab=vocabulary, merges=[]).save_pretrained(folder)
    config = transformers.GPT2Config(
        vocab_size=len(vocabulary),
        n_embd=16,
        n_layer=2,
        n_head=2,
        n_positions=64,
        **{"bos_token_id": 0, "eos_token_id": 0, **changes},
    )
    transformers.GPT2LMHeadModel(config).save_pretrained(folder)
    return folder


def write_bert(folder: Path, head: str = "BertModel") -> Path:
    """BERT, as `head` saves it."""
    vocabulary = write_bert_tokenizer(folder)
    config = transformers.BertConfig(
        vocab_size=vocabulary, intermediate_size=32, max_position_embeddings=64, **SIZES
    )
    getattr(transformers, head)(config).save_pretrained(folder)
    return folder


def write_distilbert(folder: Path) -> Path:
    """DistilBERT, with the tokenizer of BERT that its repositories name."""
    vocabulary = write_bert_tokenizer(folder)
    config = transformers.DistilBertConfig(
        vocab_size=vocabulary, dim=16, n_layers=2, n_heads=2, hidden_dim=32
    )
    transformers.DistilBertModel(config).save_pretrained(folder)
    return folder


def write_roberta(folder: Path) -> Path:
    """RoBERTa as FacebookAI/roberta-base is saved: under its masked-language head, no pooler."""
    vocabulary = byte_vocabulary(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    transformers.RobertaTokenizer(vocab=vocabulary, merges=[]).save_pretrained(folder)
    config = transformers.RobertaConfig(
        vocab_size=len(vocabulary), intermediate_size=32, max_position_embeddings=34, **SIZES
    )
    transformers.RobertaForMaskedLM(config).save_pretrained(folder)
    return folder


def write_electra(folder: Path) -> Path:
    """ELECTRA, whose embeddings are narrower than its layers."""
    vocabulary = write_bert_tokenizer(folder)
    config = transformers.ElectraConfig(
        vocab_size=vocabulary,
        embedding_size=8,
        intermediate_size=32,
        max_position_embeddings=40,
        **SIZES,
    )
    transformers.ElectraModel(config).save_pretrained(folder)
    return folder


def write_mpnet(folder: Path) -> Path:
    """MPNet, with relative positions and attention of its own kind."""
    words = ["<s>", "<pad>", "</s>", "<unk>", "[UNK]", "<mask>", *WORDS]
    words += [*string.ascii_lowercase, *("##" + letter for letter in string.ascii_lowercase)]
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys(words))}
    transformers.MPNetTokenizer(vocab=vocabulary).save_pretrained(folder)
    config = transformers.MPNetConfig(
        vocab_size=len(vocabulary), intermediate_size=32, max_position_embeddings=34, **SIZES
    )
    transformers.MPNetModel(config).save_pretrained(folder)
    return folder


def write_clip(folder: Path, image_size: int = 32, *, old_layout: bool = True) -> Path:
    """CLIP; the hub's repositories have the old layout, transformers 5 writes the new one."""
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    letters = [*string.ascii_lowercase, *(letter + "</w>" for letter in string.ascii_lowercase)]
    specials = ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {token: number for number, token in enumerate([*letters, *specials])}
    end = vocabulary["<|endoftext|>"]
    tokenizer = transformers.CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=24)
    pixels = CLIPImageProcessorPil(size={"shortest_edge": image_size}, crop_size=image_size)
    ids = {"bos_token_id": end - 1, "eos_token_id": end, "pad_token_id": end}
    config = transformers.CLIPConfig(
        projection_dim=12,
        text_config={
            **SIZES, **ids, "vocab_size": len(vocabulary), "intermediate_size": 32,
            "max_position_embeddings": 24,
        },
        vision_config={**SIZES, "intermediate_size": 32, "image_size": image_size, "patch_size": 8},
    )  # fmt: skip
    transformers.CLIPModel(config).save_pretrained(folder)
    if old_layout:
        tokenizer.save_pretrained(folder)
        pixels.save_pretrained(folder)
    else:
        processor = transformers.CLIPProcessor(image_processor=pixels, tokenizer=tokenizer)
        processor.save_pretrained(folder)
    return folder
