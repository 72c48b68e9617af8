"""Every sentence that the lab can raise, row it can leave out and finding it can make, read from
the code: the syntax trees are walked and none is run.

A sentence is a text with GAPs where something is filled in. One raise can make several: a part
that depends (`a if x else b`, a name set twice, a method with two returns, a parameter that each
caller gives) is followed to the texts it can be, within the same file or by the function's name.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[1]
LAB = ROOT / "lab"
# The command line has one language.
PATHS = [path for path in sorted(LAB.rglob("*.py")) if not path.is_relative_to(LAB / "cli")]

GAP = "\N{OBJECT REPLACEMENT CHARACTER}"
DEEPEST = 4  # names and calls followed one after another
# Call -> the arguments that are sentences.
SAYS = {"Finding": (1, 2), "RejectedRow": (1,)}
REASONS = ("why_refused", "why_missing", "why_apart")  # functions that return one, or ""
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Place:
    """Where an expression stands: its file's tree, and the function around it (None: no one's)."""

    tree: ast.Module
    function: Function | None = None


TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in PATHS]
ERRORS = {
    node.name
    for tree in TREES
    for node in ast.walk(tree)
    if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
}


def find_sentences() -> set[str]:
    """All of them, with GAPs."""
    return {text for tree in TREES for text in _in_file(tree) if text.strip(GAP)}


def _in_file(tree: ast.Module) -> Iterator[str]:
    for place, node in _walk(tree, Place(tree)):
        if isinstance(node, ast.Call):
            called = _name_called(node)
            wanted = (0,) if called in ERRORS else SAYS.get(called, ())
            for index in wanted:
                yield from _texts(node.args[index], place)
        elif isinstance(node, ast.Return) and place.function and node.value:
            if place.function.name in REASONS:
                yield from _texts(node.value, place)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "self.refused[name]":
            yield from _texts(node.value, place)


def _walk(node: ast.AST, place: Place) -> Iterator[tuple[Place, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        inside = Place(place.tree, child) if isinstance(child, Function) else place
        yield inside, child
        yield from _walk(child, inside)


@cache
def _calls(tree: ast.Module) -> dict[str, list[tuple[Place, ast.Call]]]:
    """Name -> where a file calls it: asked for by every parameter, walked for once."""
    found = defaultdict(list)
    for place, node in _walk(tree, Place(tree)):
        if isinstance(node, ast.Call):
            found[_name_called(node)].append((place, node))
    return found


def _name_called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _texts(node: ast.AST, place: Place, depth: int = 0) -> set[str]:
    """The texts that an expression can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.FormattedValue):
        return _texts(node.value, place, depth) if node.conversion != ord("r") else {GAP}
    if isinstance(node, ast.JoinedStr):
        return {
            "".join(parts) for parts in product(*(_texts(v, place, depth) for v in node.values))
        }
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = _texts(node.left, place, depth), _texts(node.right, place, depth)
        return {left + right if left + right != 2 * GAP else GAP for left, right in product(*sides)}
    if isinstance(node, ast.IfExp):
        return _texts(node.body, place, depth) | _texts(node.orelse, place, depth)
    found = _followed(node, place, depth + 1) if depth < DEEPEST else set()
    return found or {GAP}


def _followed(node: ast.AST, place: Place, depth: int) -> set[str]:
    if isinstance(node, ast.Call):
        return _returned(_name_called(node), place, depth)
    if not isinstance(node, ast.Name):
        return set()
    if place.function and node.id in _parameters(place.function):
        return _given(node.id, place, depth)
    for scope in filter(None, (place.function, place.tree)):
        values = _assigned(node.id, scope)
        if values:
            return {text for value in values for text in _texts(value, place, depth)}
    return set()


def _assigned(name: str, scope: ast.AST) -> list[ast.AST]:
    nodes = [node for node in ast.walk(scope) if isinstance(node, ast.Assign)]
    return [node.value for node in nodes if ast.unparse(node.targets[0]) == name]


def _returned(name: str, place: Place, depth: int) -> set[str]:
    """What a function or method of the same file returns."""
    functions = [node for node in ast.walk(place.tree) if isinstance(node, Function)]
    return {
        text
        for function in functions
        if function.name == name and name.startswith("_")
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value
        for text in _texts(node.value, Place(place.tree, function), depth)
    }


def _parameters(function: Function) -> list[str]:
    given = function.args
    return [arg.arg for arg in (*given.posonlyargs, *given.args) if arg.arg != "self"]


def _given(name: str, place: Place, depth: int) -> set[str]:
    """What callers give a parameter; private functions are called in their own file alone."""
    function = place.function
    trees = [place.tree] if function.name.startswith("_") else TREES
    index = _parameters(function).index(name)
    calls = [call for tree in trees for call in _calls(tree).get(function.name, ())]
    given = [(caller, call.args[index]) for caller, call in calls if len(call.args) > index]
    found = {text for caller, node in given for text in _texts(node, caller, depth)}
    # Single words that anybody may give are names: a setting's, a model's.
    return found if function.name.startswith("_") else {text for text in found if " " in text}
