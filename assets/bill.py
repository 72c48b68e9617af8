"""What a bill of materials made of installed packages lacks: their hashes, and what lies in here.

    python -m assets.bill dist/sbom.cdx.json dist/installed.json

The first is a CycloneDX document of `cyclonedx-py environment`, and is written anew; the second
is pip's report of that installation. A package's hash is that of the archive that was installed,
on this kind of machine.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Entry = dict[str, Any]  # of a CycloneDX document, https://cyclonedx.org/docs/1.6/json/

ROOT = Path(__file__).parent
PLOTLY = ROOT / "vendor" / "plotly-cartesian.min.js"
NPM_NAME = "plotly.js-cartesian-dist-min"
OWN = "Apache-2.0"
LICENCES = {"emoji-ko.zip": "OFL-1.1 AND Unicode-DFS-2016"}  # all others are the lab's own


def complete(bill: Entry, report: Entry) -> Entry:
    """The bill with a hash for each package of pip's report, with the files in here, and with what
    of all this the lab itself names.

    Raises ValueError for a package that pip did not report, or reported without a hash.
    """
    rows = {_key(row["metadata"]): row for row in report["install"]}
    packages = [_with_hash(package, rows.get(_key(package))) for package in bill["components"]]
    asked = [entry for entry in packages if rows[_key(entry)]["requested"]]
    brought = list(bring())
    lab = {
        "ref": bill["metadata"]["component"]["bom-ref"],
        "dependsOn": [entry["bom-ref"] for entry in asked + brought],
    }
    others = [row for row in bill["dependencies"] if row["ref"] != lab["ref"]]
    return {**bill, "components": packages + brought, "dependencies": [lab, *others]}


def bring() -> Iterator[Entry]:
    """What the lab brings along that no package index knows: plotly.js, pairs, models."""
    yield describe_plotly()
    for path in sorted((ROOT / "pairs").iterdir()):
        licence = LICENCES.get(path.name, OWN)
        yield _describe("data", path) | {"licenses": [{"expression": licence}]}
    for folder in sorted((ROOT / "models").iterdir()):
        files = [_describe("file", path) for path in sorted(folder.rglob("*")) if path.is_file()]
        yield {
            "type": "machine-learning-model",
            "bom-ref": _place(folder),
            "name": folder.name,
            "licenses": [{"expression": OWN}],
            "components": files,
        }


def describe_plotly() -> Entry:
    """The vendored script, with the version that its own first lines say."""
    head = PLOTLY.read_text(encoding="utf-8")[:200]
    (version,) = re.findall(r"plotly\.js \(cartesian - minified\) v([\d.]+)", head)
    return _describe("library", PLOTLY) | {
        "name": NPM_NAME,
        "version": version,
        "purl": f"pkg:npm/{NPM_NAME}@{version}",
        "licenses": [{"expression": "MIT"}],
    }


def _describe(kind: str, path: Path) -> Entry:
    return {
        "type": kind,
        "bom-ref": _place(path),
        "name": path.name,
        "hashes": _sha256(hashlib.sha256(path.read_bytes()).hexdigest()),
    }


def _place(path: Path) -> str:
    return path.relative_to(ROOT.parent).as_posix()


def _sha256(digest: str) -> list[Entry]:
    return [{"alg": "SHA-256", "content": digest}]


def _key(package: Entry) -> tuple[str, str]:
    """Name, as PEP 503 normalises it, and version."""
    return re.sub(r"[-_.]+", "-", package["name"]).lower(), package["version"]


def _with_hash(package: Entry, row: Entry | None) -> Entry:
    digest = row and row["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256")
    if not digest:
        raise ValueError(f"pip has not said the hash of {package['bom-ref']}")
    return package | {"hashes": _sha256(digest)}


def _check(text: str, version: str) -> None:
    """Raises ValueError where the document breaks CycloneDX's own schema."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    error = JsonStrictValidator(SchemaVersion.from_version(version)).validate_str(text)
    if error is not None:
        raise ValueError(str(error))


def main(bill_path: Path, report_path: Path) -> None:
    """Read both files, write the first."""
    bill = json.loads(bill_path.read_text(encoding="utf-8"))
    whole = complete(bill, json.loads(report_path.read_text(encoding="utf-8")))
    text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    _check(text, whole["specVersion"])
    bill_path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
