"""The bill of materials: a hash for each package, and every file that the lab brings along."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assets.bill import LICENCES, bring, complete, describe_plotly

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "assets" / "vendor"
BILL = {
    "specVersion": "1.6",
    "metadata": {"component": {"bom-ref": "root-component"}},
    "components": [
        {"bom-ref": "typing_extensions==4.16.0", "name": "typing_extensions", "version": "4.16.0"},
        {"bom-ref": "torch==2.13.0+cpu", "name": "torch", "version": "2.13.0+cpu"},
    ],
    "dependencies": [
        {"ref": "root-component"},
        {"ref": "torch==2.13.0+cpu", "dependsOn": ["typing_extensions==4.16.0"]},
    ],
}


def row(name: str, version: str, digest: str, *, requested: bool) -> dict[str, Any]:
    """What pip's report says of a package."""
    return {
        "metadata": {"name": name, "version": version},
        "download_info": {"archive_info": {"hashes": {"sha256": digest}}},
        "requested": requested,
    }


REPORT = {
    "install": [
        row("torch", "2.13.0+cpu", "11" * 32, requested=True),
        row("Typing.Extensions", "4.16.0", "22" * 32, requested=False),
    ]
}


def leaves(entries: Any) -> Iterator[dict[str, Any]]:
    """Those that hold no others."""
    for entry in entries:
        yield from leaves(entry["components"]) if "components" in entry else [entry]


def test_each_package_has_the_hash_of_what_was_installed() -> None:
    components = complete(BILL, REPORT)["components"]
    assert components[0]["hashes"] == [{"alg": "SHA-256", "content": "22" * 32}]
    assert components[1]["hashes"] == [{"alg": "SHA-256", "content": "11" * 32}]


@pytest.mark.parametrize("lost", ["the package", "its version", "its hash"])
def test_a_package_without_a_hash_ends_the_release(lost: str) -> None:
    report = copy.deepcopy(REPORT)
    if lost == "the package":
        report["install"].pop()
    elif lost == "its version":
        report["install"][1]["metadata"]["version"] = "4.16.1"
    else:
        report["install"][1]["download_info"] = {"dir_info": {}}
    with pytest.raises(ValueError, match="typing_extensions"):
        complete(BILL, report)


def test_the_lab_depends_on_what_it_asked_for_and_on_what_it_brings() -> None:
    whole = complete(BILL, REPORT)
    (lab,) = [entry for entry in whole["dependencies"] if entry["ref"] == "root-component"]
    brought = [entry["bom-ref"] for entry in bring()]
    assert lab["dependsOn"] == ["torch==2.13.0+cpu", *brought]
    assert whole["dependencies"][1:] == BILL["dependencies"][1:]
    references = [entry["bom-ref"] for entry in whole["components"]]
    assert set(lab["dependsOn"]) <= set(references)
    assert len(set(references)) == len(references)


def test_every_file_it_brings_is_listed_with_its_hash() -> None:
    listed = {entry["bom-ref"]: entry["hashes"] for entry in leaves(bring())}
    scripts = list(VENDOR.glob("*.js"))
    brought = [*scripts, *(ROOT / "assets/pairs").iterdir(), *(ROOT / "assets/models").rglob("*")]
    assert listed == {
        path.relative_to(ROOT).as_posix(): [
            {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}
        ]
        for path in brought
        if path.is_file()
    }


def test_plotly_is_the_file_and_the_version_that_its_table_says() -> None:
    entry = describe_plotly()
    table = (VENDOR / "README.md").read_text(encoding="utf-8")
    assert entry["hashes"][0]["content"] in table
    assert f"npm: {entry['name']}" in table
    assert f"| {entry['version']} | MIT (plotly-LICENSE.txt) |" in table
    assert entry["licenses"] == [{"expression": "MIT"}]


def test_what_is_not_the_labs_own_has_its_licence() -> None:
    table = (ROOT / "assets" / "README.md").read_text(encoding="utf-8")
    assert "SIL Open Font License 1.1; names: Unicode CLDR 41, Unicode-DFS-2016" in table
    licences = {entry["name"]: entry["licenses"] for entry in bring()}
    for name, licence in LICENCES.items():
        assert licences[name] == [{"expression": licence}]
