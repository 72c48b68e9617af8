"""The files around the code: what is installed, what a host reads, what a reader opens first."""

from __future__ import annotations

import ast
import importlib.metadata as metadata
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import LONGEST

ROOT = Path(__file__).parents[1]
CACHES = {"__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"}
LEFT_BEHIND = CACHES | {".git", ".venv", "runs", ".gradio", "dist"}
LONGEST_FILE, LONGEST_FUNCTION = 250, 60
EXTRAS = {"trackio", "wandb", "accelerate", "ray"}  # used where they are installed, needed nowhere
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
CUDA = re.compile(r"nvidia-|cuda-|triton$")  # torch's CUDA build names their exact versions itself


def _files() -> Iterator[Path]:
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in LEFT_BEHIND]
        yield from (Path(folder, name) for name in names)


SCRIPTS = sorted(path for path in _files() if path.suffix == ".py")


def _lines(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _requirements(name: str) -> list[Requirement]:
    return [Requirement(line.split(" #")[0]) for line in _lines(name)]


RUNTIME = _requirements("requirements.txt")
PINS = _requirements("constraints.txt")


def _pinned(name: str, **environment: str) -> list[Version]:
    """The versions that the constraints leave a package in an environment: one, or it is free."""
    return [
        Version(str(pin.specifier).removeprefix("=="))
        for pin in PINS
        if canonicalize_name(pin.name) == canonicalize_name(name)
        and (pin.marker is None or pin.marker.evaluate(environment))
    ]


def _installed(names: list[str]) -> dict[str, Version]:
    """The packages named and all that they need here, with their versions."""
    found: dict[str, Version] = {}
    queue = list(names)
    while queue:
        name = canonicalize_name(queue.pop())
        if name in found:
            continue
        found[name] = Version(metadata.version(name))
        needs = [Requirement(line) for line in metadata.requires(name) or ()]
        queue += [n.name for n in needs if n.marker is None or n.marker.evaluate({"extra": ""})]
    return found


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-distributed.txt"]
)
def test_every_requirement_is_a_range_with_its_reason(name: str):
    for line in _lines(name):
        requirement, _, reason = line.partition(" # ")
        assert ">=" in requirement, line
        assert len(reason) > 15, line


def test_the_lab_imports_what_it_requires_and_requires_what_it_imports():
    modules = {
        name.split(".")[0]
        for path in [ROOT / "app.py", *(ROOT / "lab").rglob("*.py")]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    foreign = modules - set(sys.stdlib_module_names) - {"lab"}
    owners = metadata.packages_distributions()
    imported = {canonicalize_name(owners[module][0]) for module in foreign}
    # What gradio is built on serves our files too; its version is gradio's to choose.
    assert imported - {"starlette"} - EXTRAS == {canonicalize_name(need.name) for need in RUNTIME}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_the_constraints_pin_each_requirement_once(python: str, system: str):
    here = {"python_version": python, "python_full_version": f"{python}.1", "sys_platform": system}
    for need in RUNTIME + _requirements("requirements-dev.txt"):
        (pin,) = _pinned(need.name, **here)
        assert pin in need.specifier
    assert not [pin.name for pin in PINS if len(_pinned(pin.name, **here)) > 1]
    assert _pinned("torch", **here) == [Version("2.13.0")]


def test_what_is_installed_is_what_the_constraints_pin():
    needs = RUNTIME + _requirements("requirements-dev.txt")
    installed = _installed([need.name for need in needs])
    free = {
        name: str(version)
        for name, version in installed.items()
        if _pinned(name) != [Version(version.public)] and not CUDA.match(name)
    }
    assert not free


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine():
    trace = re.compile(
        r"(?<![\w.])/(work|root|opt/pypi|opt/wheels)/|pypi\.org|pythonhosted|download\.pytorch"
        r"|--(extra-)?index-url|--find-links|--trusted-host|localhost:\d+/simple"
    )
    found = []
    for path in set(_files()) - {Path(__file__)}:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image, an archive, a model
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in trace.finditer(text)]
    assert not found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path: Path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name


def test_test_files_have_names_of_their_own() -> None:
    """pytest collects them by name alone, and only a whole run would tell."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(names) == len(set(names))


def test_no_test_passes_by_being_skipped():
    ways_out = {"skip", "skipif", "importorskip", "xfail", "skipIf", "skipUnless", "SkipTest"}
    for path in (ROOT / "tests").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not ways_out & used, path


def test_the_readme_makes_a_space_and_opens_with_two_commands():
    _, front, text = (ROOT / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    card = yaml.safe_load(front)
    assert card["sdk"] == "gradio"
    assert card["app_file"] == "app.py"
    assert (ROOT / "app.py").is_file()
    assert [Version(card["sdk_version"])] == _pinned("gradio")
    assert card["python_version"] in ("3.12.12", "3.10.13")  # what ZeroGPU offers
    assert card["license"] == "apache-2.0"
    assert len(card["short_description"]) <= 60
    opening = text.split("```")[1]
    assert re.findall(r"^make \w+", opening, re.MULTILINE) == ["make run", "make test"]


def test_the_licence_is_apache_2_whole():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_image_serves_as_uid_1000_on_port_7860():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert any(line.startswith("RUN useradd") and "--uid 1000 user" in line for line in lines)
    assert lines.index("USER 1000") < lines.index("EXPOSE 7860")
    assert any("--constraint constraints.txt" in line for line in lines)
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    copied = [line.split()[2:-1] for line in lines if line.startswith("COPY")]
    assert all((ROOT / source).exists() for sources in copied for source in sources)


def test_the_check_runs_everything_and_stops_at_the_first_failure():
    script = ROOT / ".ci" / "run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in lines
    assert lines[-1] == "make test"


def test_the_files_that_are_begun_first_are_there():
    assert not [name for name in LONGEST if not (ROOT / "tests" / name).is_file()]
    assert len(set(LONGEST)) == len(LONGEST)
