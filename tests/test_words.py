"""The tables of words: the same places, names and blanks in every language, and nothing left."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from lab.data.bundled import BUNDLED_PAIRS
from lab.encoders.registry import CATALOGUE
from lab.words import LANGUAGES, find_words

ROOT = Path(__file__).parents[1]
ENGLISH, KOREAN = find_words("en"), find_words("ko")
OTHERS = [language for language in LANGUAGES if language != "en"]
HANGUL, LETTERS = re.compile("[가-힣]"), re.compile("[A-Za-z]{2,}")

# Names, the same in both languages; Korean writes a span with a sign, and codes are codes.
NAMES = {("maps", "pca"), ("maps", "umap"), ("page", "gpu"), ("page", "lora")}
SIGNS = {("metrics", "interval"), ("language", "code")}


def blanks(text: str) -> set[str]:
    """What is filled into a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def told(table) -> dict[tuple[str, str], str]:
    """(place, name) -> text."""
    return {(place, name): text for place in table for name, text in table[place].items()}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_texts_with_the_same_blanks(language: str) -> None:
    english, other = told(ENGLISH), told(find_words(language))
    assert list(other) == list(english)  # in the same order too: the files are read side by side
    assert {at: blanks(text) for at, text in other.items()} == {
        at: blanks(text) for at, text in english.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_has_spaces_around(language: str) -> None:
    for at, text in told(find_words(language)).items():
        assert text, at
        assert text == text.strip(), at


def test_korean_is_korean_wherever_english_has_words() -> None:
    for at, text in told(ENGLISH).items():
        said = "".join(part for part, *_ in Formatter().parse(text))
        if LETTERS.search(said) and at not in NAMES | SIGNS:
            assert HANGUL.search(told(KOREAN)[at]), at


def test_names_are_the_same_in_both() -> None:
    assert all(told(ENGLISH)[at] == told(KOREAN)[at] for at in NAMES)


def test_an_unknown_language_is_no_language() -> None:
    with pytest.raises(KeyError):
        find_words("xx")


def test_bundled_models_and_pairs_are_called_what_their_catalogues_call_them() -> None:
    titles = {row.name: row.title for row in (*CATALOGUE, *BUNDLED_PAIRS)}
    assert {name for name in titles if name in ENGLISH["choices"]} == {
        row.name for row in (*(row for row in CATALOGUE if row.bundled), *BUNDLED_PAIRS)
    }
    for name, title in titles.items():
        assert ENGLISH["choices"].get(name, title) == title


SCRIPTS = [*sorted(ROOT.glob("lab/charts/static/*.js")), ROOT / "lab/report/report.js"]
SENTENCE = re.compile(r"[A-Z][a-z]+ [a-z]+|[a-z] [a-z]+[.?!]$")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_hold_no_sentence(path: Path) -> None:
    """Every word that a chart shows comes with its value."""
    code = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
    strings = re.findall(r'"([^"\n]*)"', code)
    assert not [text for text in strings if SENTENCE.search(text)]


ROOMS = [*(ROOT / "lab/ui").rglob("*.py"), *(ROOT / "lab/charts").rglob("*.py")]
ROOMS += (ROOT / "lab/report").rglob("*.py")


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_that_show_hold_no_text_of_their_own(path: Path) -> None:
    """Strings with spaces between words are docstrings or the languages of other programs."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    documents = (node for node in ast.walk(tree) if isinstance(node, documented))
    docstrings = {ast.get_docstring(node, clean=False) for node in documents}
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    sentences = [
        text
        for text in strings
        if text not in docstrings and re.search(r"[A-Za-z]{2,},? [a-z]{2,}[ .;,]", text)
    ]
    assert not [text for text in sentences if not re.search(r"[{};<=]|import ", text)]
