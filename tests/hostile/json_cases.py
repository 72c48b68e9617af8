"""JSON Lines that break parsers or fill memory, and folders that are no uploads."""

from __future__ import annotations

import json
from pathlib import Path

from tests.data.upload_files import text_rows
from tests.hostile.cases import upload
from tests.hostile.table_cases import last


def lines(folder: Path, *more: str) -> Path:
    """Ten objects, and other lines after them."""
    objects = [json.dumps({"en": a, "ko": b}) for a, b in text_rows()]
    (folder / "t.jsonl").write_text("\n".join([*objects, *more]), "utf-8")
    return folder / "t.jsonl"


@upload("JSON Lines", "100,000 nested lists")
def deep(folder: Path) -> Path:
    return lines(folder, "[" * 100_000 + "]" * 100_000)


@upload("JSON Lines", "a line of 4 million empty objects")
def many_objects(folder: Path) -> Path:
    return lines(folder, '{"en": [' + "{}," * 4_000_000 + "{}]}")


@upload("JSON Lines", "NaN and Infinity for texts")
def not_a_number(folder: Path) -> Path:
    return lines(folder, '{"en": NaN, "ko": "b"}', '{"en": "a", "ko": -Infinity}')


@upload("JSON Lines", "a whole number of a million digits")
def huge_number(folder: Path) -> Path:
    return lines(folder, '{"en": ' + "9" * 1_000_000 + ', "ko": "b"}')


@upload("JSON Lines", "a number of 5,000 digits")
def long_number(folder: Path) -> Path:
    return lines(folder, '{"en": ' + "9" * 5_000 + ', "ko": "b"}')


@upload("JSON Lines", "halves of surrogate pairs, in texts and in keys", last)
def surrogates(folder: Path) -> Path:
    return lines(folder, json.dumps({"en": "a\ud83d", "ko": "b\ude00", "k\ud83d": "c"}))


@upload("JSON Lines", "a key that stands twice: the last counts", last)
def doubled(folder: Path) -> Path:
    return lines(folder, '{"en": "first", "en": "second", "ko": "b"}')


@upload("JSON Lines", "what is no object: a list, a text, a number")
def no_objects(folder: Path) -> Path:
    return lines(folder, "[1]", '"text"', "1")


@upload("JSON Lines", "broken lines")
def broken(folder: Path) -> Path:
    return lines(folder, '{"en": "a"', "{'en': 'a'}")


@upload("JSON Lines", "2,000 keys over all lines")
def many_keys(folder: Path) -> Path:
    return lines(folder, *(f'{{"k{i}": 1}}' for i in range(2_000)))


@upload("Folder", "a directory named metadata.csv")
def directory(folder: Path) -> Path:
    (folder / "u" / "metadata.csv").mkdir(parents=True)
    return folder / "u"


@upload("Folder", "a table that is a link to /etc/passwd")
def link(folder: Path) -> Path:
    (folder / "u").mkdir()
    (folder / "u" / "t.csv").symlink_to("/etc/passwd")
    return folder / "u"


@upload("Folder", "200 folders within one another")
def deep_folder(folder: Path) -> Path:
    (folder / "u").joinpath(*"a" * 200).mkdir(parents=True)
    return folder / "u"
