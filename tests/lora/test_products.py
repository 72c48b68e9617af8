"""The adapted layer's product against the slow obvious version, gradients included."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from lab.lora.products import Update, adapted_linear, draw_kept

R, IN, OUT = 3, 7, 5
P = 0.25


def draw(dtype: torch.dtype = torch.float64) -> dict[str, Tensor]:
    """x (2, 4, in), bias (out), A, B with gradients; W (out, in) without."""
    generator = torch.Generator().manual_seed(0)
    shapes = {"x": (2, 4, IN), "bias": (OUT,), "a": (R, IN), "b": (OUT, R), "weight": (OUT, IN)}
    tensors = {
        name: torch.randn(shape, generator=generator, dtype=dtype) for name, shape in shapes.items()
    }
    return {name: t.requires_grad_(name != "weight") for name, t in tensors.items()}


def obvious(t: dict[str, Tensor], scaling: float, kept: Tensor | None, p: float) -> Tensor:
    """The paper's picture, written out."""
    x = t["x"] if kept is None else t["x"] * kept / (1 - p)
    return F.linear(t["x"], t["weight"], t["bias"]) + scaling * (x @ t["a"].T) @ t["b"].T


def gradients(y: Tensor, t: dict[str, Tensor]) -> list[Tensor]:
    goal = torch.linspace(-1, 1, y.numel(), dtype=torch.float64).view(y.shape)
    loss = (y.double() - goal).square().sum()
    return list(torch.autograd.grad(loss, [t[name] for name in ("x", "bias", "a", "b")]))


@pytest.mark.parametrize("p", [0.0, P])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_output_and_gradients_are_those_of_the_obvious_version(p, dtype) -> None:
    t = draw(dtype)
    torch.manual_seed(1)
    seed = int(torch.randint(1 << 62, ()))
    kept = (
        draw_kept(torch.Size((8, IN)), p, seed, torch.device("cpu")).view(2, 4, IN) if p else None
    )
    torch.manual_seed(1)
    y = adapted_linear(t["x"], t["weight"], t["bias"], Update(t["a"], t["b"], 1.5, p))
    expected = obvious(t, 1.5, kept, p)
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    torch.testing.assert_close(y, expected, rtol=tolerance, atol=tolerance)
    for mine, theirs in zip(gradients(y, t), gradients(expected, t), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=tolerance, atol=10 * tolerance)


@pytest.mark.parametrize("p", [0.0, P])
def test_the_weight_gets_no_gradient_and_neither_do_inputs_that_ask_for_none(p) -> None:
    t = draw(torch.float32)
    x = t["x"].detach()
    y = adapted_linear(x, t["weight"], None, Update(t["a"], t["b"], 1.0, p))
    y.sum().backward()
    assert x.grad is None
    assert t["weight"].grad is None
    assert t["a"].grad is not None


def test_a_mask_is_its_seed() -> None:
    shape, cpu = torch.Size((1_001, 99)), torch.device("cpu")
    kept = draw_kept(shape, 0.05, 7, cpu)
    assert kept.shape == shape
    assert torch.equal(kept, draw_kept(shape, 0.05, 7, cpu))
    assert not torch.equal(kept, draw_kept(shape, 0.05, 8, cpu))
    # Four standard errors of a share of 0.05 over as many draws.
    assert (~kept).float().mean().item() == pytest.approx(
        0.05, abs=4 * (0.05 / shape.numel()) ** 0.5
    )
    for column in (0, 1, 2, 3):  # the four numbers cut from one are alike
        share = (~kept.flatten()[column::4]).float().mean().item()
        assert share == pytest.approx(0.05, abs=8 * (0.05 / shape.numel()) ** 0.5)


@pytest.mark.parametrize("p", [0.999, 1 - 1e-9])
def test_a_share_close_to_one_drops_nearly_all(p) -> None:
    kept = draw_kept(torch.Size((1_000, 100)), p, 7, torch.device("cpu"))
    assert kept.float().mean().item() < 2e-3


def test_drawing_a_mask_moves_torch_s_own_generator_by_one_number() -> None:
    t = draw(torch.float32)
    torch.manual_seed(3)
    adapted_linear(t["x"], t["weight"], None, Update(t["a"], t["b"], 1.0, P))
    after = torch.get_rng_state()
    torch.manual_seed(3)
    torch.randint(1 << 62, ())
    assert torch.equal(after, torch.get_rng_state())


def saved_floats(run) -> int:
    """Numbers that the forward pass keeps, but for the parameters."""
    kept: dict[int, int] = {}

    def pack(tensor: Tensor) -> Tensor:
        if not isinstance(tensor, torch.nn.Parameter) and not tensor.requires_grad:
            storage = tensor.untyped_storage()
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        run()
    return sum(kept.values()) // 4


def test_layers_side_by_side_keep_their_input_once_and_no_mask() -> None:
    x = torch.randn(64, IN)
    factors = [(torch.randn(R, IN, requires_grad=True), torch.randn(OUT, R)) for _ in range(3)]
    weight = torch.nn.Parameter(torch.randn(OUT, IN), requires_grad=False)
    outputs = []

    def run() -> None:
        for a, b in factors:
            update = Update(a, torch.nn.Parameter(b), 1.0, P)
            outputs.append(adapted_linear(x, weight, None, update))

    assert saved_floats(run) == x.numel() + 3 * 64 * R  # and each its narrow product


def test_under_autocast_a_small_update_is_not_rounded_away() -> None:
    """bf16 has 8 bits: merged into weights of 1 and -1, an update of 1/1,000 would be lost."""
    x, weight = torch.ones(1, 2), torch.tensor([[1.0, -1.0]])
    a, b = torch.ones(1, 2, requires_grad=True), torch.full((1, 1), 1e-3, requires_grad=True)
    with torch.autocast("cpu", torch.bfloat16):
        y = adapted_linear(x, weight, None, Update(a, b, 1.0))
    assert y.dtype == torch.bfloat16
    assert y.item() == pytest.approx(2e-3, rel=0.01)
    y.sum().backward()
    assert a.grad.dtype == b.grad.dtype == torch.float32
    assert b.grad.item() == pytest.approx(2, rel=0.01)
