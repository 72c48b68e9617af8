"""Plain JSON values back into the dataclasses that they were written from, or not at all.

What lies on a disk may be of another version, damaged, or somebody's: a value is taken only where
it is of the very type that the dataclass declares.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

LARGEST = 2**53  # of a whole number: beyond it a browser's numbers are no longer whole


class NotAsWrittenError(ValueError):
    """What lies on the disk is not what was written there; its argument tells what it is not."""


def write_json(value: Mapping[str, Any]) -> str:
    """One line of JSON in ASCII, which holds what a browser may send and UTF-8 does not.

    Arrays become lists, and times are written as ISO 8601 has them.
    """
    return json.dumps(value, default=_as_plain)


def _as_plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def read_as(kind: Any, value: Any) -> Any:
    """`value`, as `json.loads` has it, as a `kind`: a dataclass, or a type of one of its fields.

    Raises NotAsWrittenError where it is none; an error of its own where a dataclass checks itself.
    """
    if dataclasses.is_dataclass(kind):
        return read_fields(kind, value)
    if get_origin(kind) is not None:
        return _read_generic(get_origin(kind), get_args(kind), value)
    if kind is Any:
        return value
    return PLAIN[kind](value)


def read_fields(kind: Any, value: Any, **others: Callable[[Any], Any]) -> Any:
    """As `read_as`, of a dataclass. others: how fields are read whose annotations say less."""
    hints = get_type_hints(kind)
    _check(isinstance(value, dict) and set(value) == set(hints), kind)
    readers = {name: partial(read_as, hint) for name, hint in hints.items()} | others
    return kind(**{name: read(value[name]) for name, read in readers.items()})


def _read_generic(origin: Any, args: tuple[Any, ...], value: Any) -> Any:
    if origin is Literal:
        _check(any(type(value) is type(one) and value == one for one in args), args)
        return value
    if origin in (Union, UnionType):
        return _read_first(args, value)
    if origin is tuple:
        _check(isinstance(value, list), origin)
        kinds = args[:1] * len(value) if args[1:] == (...,) else args
        _check(len(kinds) == len(value), origin)
        return tuple(map(read_as, kinds, value))
    _check(isinstance(value, dict), origin)
    return {read_as(args[0], key): read_as(args[1], item) for key, item in value.items()}


def _read_first(kinds: tuple[Any, ...], value: Any) -> Any:
    for kind in kinds:
        try:
            return read_as(kind, value)
        except ValueError:
            continue
    raise NotAsWrittenError(kinds)


def _read_float(value: Any) -> float:
    _check(type(value) is float or (type(value) is int and abs(value) < LARGEST), float)
    return value


def _read_int(value: Any) -> int:
    _check(type(value) is int and abs(value) < LARGEST, int)
    return value


def _read_array(value: Any) -> np.ndarray:
    array = np.array(value)
    _check(isinstance(value, list) and array.dtype.kind in "if", np.ndarray)
    return array


def _read_time(value: Any) -> datetime:
    _check(isinstance(value, str), datetime)
    time = datetime.fromisoformat(value)
    _check(time.tzinfo is not None, datetime)
    return time


def _read_exactly(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        _check(type(value) is kind, kind)
        return value

    return read


PLAIN: Mapping[Any, Callable[[Any], Any]] = {
    float: _read_float,
    int: _read_int,
    np.ndarray: _read_array,
    datetime: _read_time,
    **{kind: _read_exactly(kind) for kind in (str, bool, type(None))},
}


def _check(holds: bool, kind: Any) -> None:
    if not holds:
        raise NotAsWrittenError(kind)
