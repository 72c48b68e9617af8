"""Who may import whom: every file's imports are read from its syntax tree, none is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in [ROOT / "app.py", *sorted((ROOT / "lab").rglob("*.py"))]
}

# Room -> what of lab it may import beside itself. A name stands for all that is inside it.
RESULTS = {
    "analysis.compare",
    "analysis.explorer",
    "analysis.forgetting",
    "analysis.groups",
    "analysis.verdict",
    "analysis.projection",
    "analysis.similarity",
}
RESULTS |= {
    "analysis.groups",
    "analysis.map_reading",
    "analysis.neighbours",
    "analysis.suggestions",
}
RESULTS |= {"analysis.strength", "lora.spectrum"}
RESULTS |= {"lora.amplification", "lora.shared_directions", "lora.subspaces"}
FOUNDATIONS = {"config", "errors", "words"}
ROOMS = {
    "errors": set(),
    "words": set(),
    "checks": {"errors"},
    "lora_config": {"checks", "errors"},
    "config": {"checks", "errors", "lora_config"},
    "data": FOUNDATIONS,
    "encoders": FOUNDATIONS | {"data.pair", "memory"},
    "lora": {"config", "errors"},
    "training": FOUNDATIONS | {"lora", "encoders.base", "data", "durable", "memory"},
    "analysis": FOUNDATIONS | {"encoders.base", "data", "memory"},
    "defaults": FOUNDATIONS | {"encoders.base", "encoders.registry", "data"},
    "durable": set(),
    "memory": set(),
    "runs": FOUNDATIONS | {"durable"},
    "progress": {"training"},
    "baseline": FOUNDATIONS | {"training", "analysis", "encoders", "data", "progress"},
    "experiment": FOUNDATIONS
    | {"training", "analysis", "lora", "encoders", "data", "runs", "progress", "baseline"},
    "charts": FOUNDATIONS | RESULTS | {"data"},
    "report": FOUNDATIONS | RESULTS | {"charts", "data", "experiment", "runs"},
    "archive": FOUNDATIONS
    | {"analysis", "lora", "encoders", "data", "experiment", "report", "runs"},
}
ROOMS["sweep"] = FOUNDATIONS | {
    "checks",
    "training",
    "analysis",
    "data",
    "encoders.base",
    "lora",
    "runs",
    "progress",
    "baseline",
    "experiment",
    "archive",
    "charts",
    "report",
}
ROOMS["tracking"] = {
    "checks",
    "errors",
    "config",
    "runs",
    "progress",
    "training.loop",
    "analysis.projection",
}
ROOMS["distributed"] = FOUNDATIONS | {
    "checks",
    "memory",
    "training",
    "data",
    "encoders.base",
    "progress",
    "baseline",
    "experiment",
    "archive",
    "sweep",
}
ENGINE = set(ROOMS)
ROOMS["cli"] = ENGINE
ROOMS["visits"] = ENGINE
# The page shows the command that repeats its run, and PEFT's settings for it.
ROOMS["ui"] = ENGINE | {"visits", "cli.command", "cli.peft_code"}
ROOMS["__main__"] = {"cli"}

# Package -> the only places that may name it.
HOMES = {
    "gradio": ("app", "lab.ui"),
    "transformers": ("lab.encoders",),
    "tokenizers": ("lab.encoders",),
    "huggingface_hub": ("lab.encoders",),
    "umap": ("lab.analysis.projection",),
    "pyarrow": ("lab.data",),
    "trackio": ("lab.tracking.to_trackio",),
    "wandb": ("lab.tracking.to_wandb",),
    "accelerate": ("lab.distributed.launch",),
    "ray": ("lab.distributed",),
    "torch.utils.tensorboard": ("lab.tracking.to_tensorboard",),
    "safetensors": ("lab.lora", "lab.encoders", "lab.training.checkpoint_folder"),
}
REFERENCES = {"peft", "sentence_transformers", "loralib", "sklearn"}  # the tests', never the lab's
WITHOUT_TORCH = (
    "checks",
    "lora_config",
    "config",
    "errors",
    "words",
    "data",
    "durable",
    "runs",
    "defaults",
    "charts",
    "report",
)

# What must not be loaded while the page is built or the command line read.
HEAVY = {"torch", "transformers", "umap", "tokenizers", "pyarrow", "pandas", "sklearn", "scipy"}
LIGHT = (
    "app",
    "lab.ui",
    "lab.visits",
    "lab.cli",
    "lab.data",
    "lab.config",
    "lab.errors",
    "lab.defaults",
)


def _inside(module: str, *places: str) -> bool:
    return any(module == place or module.startswith(place + ".") for place in places)


def _named(node: ast.AST, module: str) -> Iterator[str]:
    """The modules an import statement names; `from lab import runs` names lab.runs."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{module}:{node.lineno}: imports are absolute here"
        inner = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from [name for name in inner if name in SOURCES] or [str(node.module)]


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(SOURCES[module].read_text(encoding="utf-8"))


@cache
def _imports(module: str) -> set[str]:
    """All that a module imports, at whatever depth."""
    return {name for node in ast.walk(_tree(module)) for name in _named(node, module)}


@cache
def _at_import(module: str) -> set[str]:
    """What a module imports as it is imported itself: not in functions, not for types alone."""

    def walk(node: ast.AST) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            yield from _named(child, module)
            yield from walk(child)

    return set(walk(_tree(module)))


def _chains(module: str) -> dict[str, str]:
    """Package -> the way by which importing the module loads it."""
    found, ways = {}, {module: module}
    queue = [module]
    while queue:
        current = queue.pop()
        parents = [current.rsplit(".", up)[0] for up in range(1, current.count(".") + 1)]
        for name in {*_at_import(current), *(p for p in parents if p in SOURCES)}:
            way = f"{ways[current]} -> {name}"
            if name not in SOURCES:
                found.setdefault(name.split(".")[0], way)
            elif name not in ways:
                ways[name] = way
                queue.append(name)
    return found


@pytest.mark.parametrize("module", [name for name in SOURCES if name.count(".")])
def test_a_module_imports_only_what_its_room_may(module: str):
    room = module.split(".")[1]
    assert room in ROOMS, f"lab.{room} is new: say in ROOMS whom it may import"
    allowed = [f"lab.{name}" for name in (room, *ROOMS[room])]
    inner = {name for name in _imports(module) if _inside(name, "lab") and name != "lab"}
    assert not {name for name in inner if not _inside(name, *allowed)}


def test_no_two_rooms_need_each_other():
    needs = {room: {name.split(".")[0] for name in allowed} for room, allowed in ROOMS.items()}
    needs["cli"] -= {"cli"}
    settled: set[str] = set()
    while ready := {room for room in needs if room not in settled and needs[room] <= settled}:
        settled |= ready
    assert settled == set(needs)


@pytest.mark.parametrize("package", HOMES)
def test_a_package_is_named_only_at_home(package: str):
    users = {
        module for module in SOURCES if any(_inside(name, package) for name in _imports(module))
    }
    assert not {module for module in users if not _inside(module, *HOMES[package])}


@pytest.mark.parametrize("module", SOURCES)
def test_references_and_torch_stay_where_they_belong(module: str):
    packages = {name.split(".")[0] for name in _imports(module)}
    assert not packages & REFERENCES
    if _inside(module, *(f"lab.{room}" for room in WITHOUT_TORCH)):
        assert "torch" not in packages


@pytest.mark.parametrize("module", [name for name in SOURCES if _inside(name, *LIGHT)])
def test_the_doors_open_without_heavy_packages(module: str):
    assert not {package: way for package, way in _chains(module).items() if package in HEAVY}
