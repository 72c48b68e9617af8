"""The settings of a run: frozen dataclasses that check themselves when they are made.

Every error names the setting, the value it got and what it may be.
Standard library only, so that a form, a command line or a test can use them without torch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lab.checks import check, check_choice
from lab.lora_config import Bias, LoRAConfig

Precision = Literal["auto", "fp32", "bf16"]

__all__ = ["Bias", "LoRAConfig", "Precision", "ProjectionConfig", "RunConfig", "TrainConfig"]


@dataclass(frozen=True)
class TrainConfig:
    """How an adapter is trained.

    epochs: passes over the training pairs.
    batch_size: pairs per step; each pair's negatives are the other pairs of its batch.
    micro_batch_size: pairs in the network at once, for batches larger than memory (gradient
        caching: the same gradients for one forward pass more); None: the whole batch.
    group_by_length: whether a batch holds pairs of like length: less padding, but also
        negatives of like length, which can cost recall.
    learning_rate: AdamW's peak rate, reached after the warm-up, then decayed along a cosine.
    loraplus_ratio: B learns at so many times the rate of A (LoRA+, Hayou et al. 2024); 1: at
        the same, as in the paper.
    weight_decay: AdamW's decoupled decay.
    warmup_fraction: share of all steps over which the rate rises from 0.
    max_grad_norm: the gradient's norm is clipped to this.
    temperature: divides the cosine similarities in InfoNCE.
    learn_temperature: whether the temperature is trained along with the adapter.
    validation_fraction: share of the training pairs set aside for the validation loss.
    patience: epochs without a better validation loss before the run ends early; None: never.
    seed: of the split, the batches, the adapter's first weights and the dropout.
    init_seed: of the first weights and the dropout alone, so that runs on the same split and the
        same batches can differ in nothing else; None: as seed.
    device: "auto" (CUDA, else MPS, else CPU), or a torch device name.
    precision: "auto" is bf16 autocast where the device has it and the model is large enough to
        gain by it, fp32 elsewhere; what is trained stays fp32.
    max_seconds: time after which training ends and keeps what it has; None: no limit.
    """

    epochs: int = 10
    batch_size: int = 64
    micro_batch_size: int | None = None
    group_by_length: bool = False
    learning_rate: float = 1e-3
    loraplus_ratio: float = 1.0
    weight_decay: float = 0.01
    warmup_fraction: float = 0.1
    max_grad_norm: float = 1.0
    temperature: float = 0.07
    learn_temperature: bool = False
    validation_fraction: float = 0.0
    patience: int | None = None
    seed: int = 0
    init_seed: int | None = None
    device: str = "auto"
    precision: Precision = "auto"
    max_seconds: float | None = None

    def __post_init__(self) -> None:
        check(self.epochs >= 1, "epochs", self.epochs, "choose at least 1")
        check(
            self.batch_size >= 2,
            "batch_size",
            self.batch_size,
            "choose at least 2: a pair's negatives are the other pairs of its batch",
        )
        micro = self.micro_batch_size
        check(micro is None or micro >= 1, "micro_batch_size", micro, "choose at least 1, or none")
        rate = self.learning_rate
        check(0 < rate <= 1, "learning_rate", rate, "choose above 0, at most 1")
        ratio, decay = self.loraplus_ratio, self.weight_decay
        check(1 <= ratio <= 1000, "loraplus_ratio", ratio, "choose 1 to 1000")
        check(0 <= decay <= 1, "weight_decay", decay, "choose 0 to 1")
        warmup = self.warmup_fraction
        check(0 <= warmup <= 1, "warmup_fraction", warmup, "choose 0 to 1")
        check(self.max_grad_norm > 0, "max_grad_norm", self.max_grad_norm, "choose above 0")
        tau = self.temperature
        check(0.001 <= tau <= 10, "temperature", tau, "choose 0.001 to 10")
        share = self.validation_fraction
        check(0 <= share <= 0.5, "validation_fraction", share, "choose 0 to 0.5")
        check(
            self.patience is None or (self.patience >= 1 and share > 0),
            "patience",
            self.patience,
            "choose at least 1 epoch, together with a validation_fraction above 0",
        )
        check(0 <= self.seed < 2**31, "seed", self.seed, "choose 0 to 2147483647")
        start = self.init_seed
        is_seed = start is None or 0 <= start < 2**31
        check(is_seed, "init_seed", start, "choose 0 to 2147483647, or none")
        check_choice("precision", self.precision, ("auto", "fp32", "bf16"))
        limit = self.max_seconds
        check(limit is None or limit > 0, "max_seconds", limit, "choose above 0, or none")

    @property
    def draws_from(self) -> int:
        """The seed of the first weights and the dropout."""
        return self.seed if self.init_seed is None else self.init_seed


@dataclass(frozen=True)
class ProjectionConfig:
    """How embeddings (D dimensions) are laid out as a map (2 dimensions).

    method: "pca" (linear, at once) or "umap" (neighbourhoods, seconds).
    n_neighbors: UMAP's size of a neighbourhood, the point itself among them: few show fine
        groups, many the whole (McInnes et al. 2018).
    min_dist: how close UMAP may lay points together.
    metric: distance in UMAP's D dimensions.
    seed: of the layout.
    """

    method: Literal["pca", "umap"] = "umap"
    n_neighbors: int = 15
    min_dist: float = 0.1
    metric: Literal["cosine", "euclidean"] = "cosine"
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("method", self.method, ("pca", "umap"))
        check(2 <= self.n_neighbors <= 200, "n_neighbors", self.n_neighbors, "choose 2 to 200")
        check(0 <= self.min_dist <= 1, "min_dist", self.min_dist, "choose 0 to 1")
        check_choice("metric", self.metric, ("cosine", "euclidean"))
        check(0 <= self.seed < 2**31, "seed", self.seed, "choose 0 to 2147483647")


@dataclass(frozen=True)
class RunConfig:
    """One run, whole: which model on which pairs, through which layers, trained how.

    model: a bundled name, a hub id, or a folder.
    pairs: a bundled name, a file, a folder, or a ZIP.
    a_column, b_column: the two columns of a pair; None: found by their names.
    pooling: how token features become one embedding; None: the model's own.
    test_fraction: share of the pairs held out for the comparison, never trained on.
    control: pairs that tell what the run forgets: "auto" (a bundled set of the pairs' kind, where
        enough of it is new to the run), "none", or the name of a control set, a file or a folder.
    """

    model: str
    pairs: str
    lora: LoRAConfig = field(default_factory=LoRAConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    a_column: str | None = None
    b_column: str | None = None
    pooling: str | None = None
    test_fraction: float = 0.2
    control: str = "auto"

    def __post_init__(self) -> None:
        check(bool(self.model), "model", self.model, "name a bundled model, a hub id or a folder")
        check(bool(self.pairs), "pairs", self.pairs, "name bundled pairs, a file or a folder")
        share = self.test_fraction
        check(0 < share <= 0.5, "test_fraction", share, "choose above 0, at most 0.5")
        check(bool(self.control), "control", self.control, 'name a control set, "auto" or "none"')
