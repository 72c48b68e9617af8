"""Names of emoji, countries, languages and units from Unicode CLDR, as Debian packages it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

CLDR = Path("/usr/share/unicode/cldr/common")
SKIN_TONES = "🏻🏼🏽🏾🏿"
VARIATION = "\ufe0f"  # asks for the emoji form of a character that has a text form too


def read_emoji_names(language: str) -> dict[str, str]:
    """Characters -> short name, symbols that are not emoji included, skin tones left out."""
    names: dict[str, str] = {}
    for folder in ("annotations", "annotationsDerived"):
        root = _parse(CLDR / folder / f"{language}.xml")
        for node in root.iter("annotation"):
            characters = node.get("cp", "")
            if node.get("type") == "tts" and not set(characters) & set(SKIN_TONES):
                names[characters] = _clean(node.text)
    return names


def read_other_names(language: str) -> dict[str, str]:
    """ "kind:code" -> name of a language, country, script, currency or unit."""
    root = _parse(CLDR / "main" / f"{language}.xml")
    names: dict[str, str] = {}
    for kind in ("language", "territory", "script"):
        for node in root.iterfind(f"localeDisplayNames/*/{kind}"):
            if node.get("alt") is None and not node.get("type", "").isdigit():
                names[f"{kind}:{node.get('type')}"] = _clean(node.text)
    for node in root.iterfind("numbers/currencies/currency"):
        name = node.find("displayName")
        if name is not None and name.get("count") is None:
            names[f"currency:{node.get('type')}"] = _clean(name.text)
    for node in root.iterfind("units/unitLength[@type='long']/unit"):
        name = node.find("displayName")
        if name is not None:
            names[f"unit:{node.get('type')}"] = _clean(name.text)
    return {key: name for key, name in names.items() if name and "↑" not in name}


def read_groups() -> dict[str, str]:
    """Emoji -> its group ("Animals & Nature"), for those that CLDR's labels.txt knows."""
    groups: dict[str, str] = {}
    for line in (CLDR / "properties" / "labels.txt").read_text(encoding="utf-8").splitlines():
        fields = [field.strip() for field in line.split(";")]
        if line.startswith("[") and len(fields) >= 2:
            for characters in _expand(fields[0].strip("[]")):
                groups.setdefault(characters.replace(VARIATION, ""), fields[1])
    return groups


def _expand(unicode_set: str) -> list[str]:
    """Members of a UnicodeSet of characters, ranges a-b and strings {ab}."""
    members: list[str] = []
    for string, first, last in re.findall(r"\{([^}]*)\}|(.)(?:-(.))?", unicode_set):
        if string:
            members.append(string)
        else:
            members += [chr(c) for c in range(ord(first), ord(last or first) + 1)]
    return members


def _parse(path: Path) -> ElementTree.Element:
    if not path.exists():
        raise SystemExit(f"{path} is missing: install Debian's unicode-cldr-core")
    return ElementTree.parse(path).getroot()


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())
