"""The settings of a run: frozen dataclasses that check themselves when they are made.

Every error names the setting, the value it got and what it may be.
Standard library only, so that a form, a command line or a test can use them without torch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from lab.errors import ConfigError

Bias = Literal["none", "all", "lora_only"]
Precision = Literal["auto", "fp32", "bf16"]


def _check(holds: bool, name: str, value: object, way_out: str) -> None:
    if not holds:
        raise ConfigError(f"{name} = {value!r}: {way_out}")


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    _check(value in choices, name, value, "choose one of " + ", ".join(choices))


@dataclass(frozen=True)
class LoRAConfig:
    """One adapter's settings, in the names of the paper (Hu et al. 2021) and of PEFT.

    r: rank of the update B @ A.
    lora_alpha: numerator of the scaling; the update is multiplied by lora_alpha / r.
    lora_dropout: probability of zeroing an entry of the layer's input on the LoRA branch.
    target_modules: names matched as the end of a module's path ("q_proj",
        "attention.output.dense"), or one regex that must match the whole path.
    bias: which bias vectors train along ("lora_only": those of the adapted layers).
    merge_weights: whether eval mode computes with one merged weight instead of two branches.
    """

    r: int = 8
    lora_alpha: float = 16.0
    lora_dropout: float = 0.0
    target_modules: tuple[str, ...] | str = ()
    bias: Bias = "none"
    merge_weights: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.target_modules, str):
            self._check_regex(self.target_modules)
        else:
            object.__setattr__(self, "target_modules", tuple(self.target_modules))
        is_count = isinstance(self.r, int) and not isinstance(self.r, bool)
        _check(is_count and self.r >= 1, "r", self.r, "choose a whole number of at least 1")
        _check(self.lora_alpha > 0, "lora_alpha", self.lora_alpha, "choose a number above 0")
        _check(0 <= self.lora_dropout < 1, "lora_dropout", self.lora_dropout, "choose 0 to below 1")
        _check_choice("bias", self.bias, ("none", "all", "lora_only"))

    @staticmethod
    def _check_regex(pattern: str) -> None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ConfigError(
                f"target_modules = {pattern!r}: not a regular expression ({error}); "
                "mend it, or give a list of names"
            ) from None

    @property
    def scaling(self) -> float:
        """The factor alpha / r on the update (paper, section 4.1)."""
        return self.lora_alpha / self.r


@dataclass(frozen=True)
class TrainConfig:
    """How an adapter is trained.

    epochs: passes over the training pairs.
    batch_size: pairs per step; each pair's negatives are the other pairs of its batch.
    learning_rate: AdamW's peak rate, reached after the warm-up, then decayed along a cosine.
    weight_decay: AdamW's decoupled decay.
    warmup_fraction: share of all steps over which the rate rises from 0.
    max_grad_norm: the gradient's norm is clipped to this.
    temperature: divides the cosine similarities in InfoNCE.
    learn_temperature: whether the temperature is trained along with the adapter.
    validation_fraction: share of the training pairs set aside for the validation loss.
    patience: epochs without a better validation loss before the run ends early; None: never.
    seed: of the split, the batches, the adapter's first weights and the dropout.
    device: "auto" (CUDA, else MPS, else CPU), or a torch device name.
    precision: "auto" is bf16 autocast on CUDA and fp32 elsewhere.
    max_seconds: time after which training ends and keeps what it has; None: no limit.
    """

    epochs: int = 10
    batch_size: int = 64
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup_fraction: float = 0.1
    max_grad_norm: float = 1.0
    temperature: float = 0.07
    learn_temperature: bool = False
    validation_fraction: float = 0.0
    patience: int | None = None
    seed: int = 0
    device: str = "auto"
    precision: Precision = "auto"
    max_seconds: float | None = None

    def __post_init__(self) -> None:
        _check(self.epochs >= 1, "epochs", self.epochs, "choose at least 1")
        _check(
            self.batch_size >= 2,
            "batch_size",
            self.batch_size,
            "choose at least 2: a pair's negatives are the other pairs of its batch",
        )
        rate = self.learning_rate
        _check(0 < rate <= 1, "learning_rate", rate, "choose above 0, at most 1")
        _check(self.weight_decay >= 0, "weight_decay", self.weight_decay, "choose 0 or more")
        warmup = self.warmup_fraction
        _check(0 <= warmup <= 1, "warmup_fraction", warmup, "choose 0 to 1")
        _check(self.max_grad_norm > 0, "max_grad_norm", self.max_grad_norm, "choose above 0")
        tau = self.temperature
        _check(0.001 <= tau <= 10, "temperature", tau, "choose 0.001 to 10")
        share = self.validation_fraction
        _check(0 <= share <= 0.5, "validation_fraction", share, "choose 0 to 0.5")
        _check(
            self.patience is None or (self.patience >= 1 and share > 0),
            "patience",
            self.patience,
            "choose at least 1 epoch, together with a validation_fraction above 0",
        )
        _check(0 <= self.seed < 2**31, "seed", self.seed, "choose 0 to 2147483647")
        _check_choice("precision", self.precision, ("auto", "fp32", "bf16"))
        limit = self.max_seconds
        _check(limit is None or limit > 0, "max_seconds", limit, "choose above 0, or none")


@dataclass(frozen=True)
class ProjectionConfig:
    """How embeddings (D dimensions) are laid out as a map (2 dimensions).

    method: "pca" (linear, at once) or "umap" (neighbourhoods, seconds).
    n_neighbors, min_dist: UMAP's two main settings (McInnes et al. 2018).
    seed: of the layout.
    """

    method: Literal["pca", "umap"] = "umap"
    n_neighbors: int = 15
    min_dist: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        _check_choice("method", self.method, ("pca", "umap"))
        _check(self.n_neighbors >= 2, "n_neighbors", self.n_neighbors, "choose at least 2")
        _check(0 <= self.min_dist <= 1, "min_dist", self.min_dist, "choose 0 to 1")


@dataclass(frozen=True)
class RunConfig:
    """One run, whole: which model on which pairs, through which layers, trained how.

    model: a bundled name, a hub id, or a folder.
    pairs: a bundled name, a file, a folder, or a ZIP.
    a_column, b_column: the two columns of a pair; None: found by their names.
    pooling: how token features become one embedding; None: the model's own.
    test_fraction: share of the pairs held out for the comparison, never trained on.
    """

    model: str
    pairs: str
    lora: LoRAConfig = field(default_factory=LoRAConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    a_column: str | None = None
    b_column: str | None = None
    pooling: str | None = None
    test_fraction: float = 0.2

    def __post_init__(self) -> None:
        _check(bool(self.model), "model", self.model, "name a bundled model, a hub id or a folder")
        _check(bool(self.pairs), "pairs", self.pairs, "name bundled pairs, a file or a folder")
        share = self.test_fraction
        _check(0 < share <= 0.5, "test_fraction", share, "choose above 0, at most 0.5")
