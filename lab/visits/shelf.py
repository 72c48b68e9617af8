"""Costly results kept for whoever needs them next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")


class Shelf:
    """Keeps the most recently used results of something costly; makes each once.

    What had to leave the shelf is found again for as long as somebody has it: a model in use is
    never in memory twice. made: called after each making.
    """

    def __init__(self, size: int, made: Callable[[], None] = lambda: None) -> None:
        self._size = size
        self._on_made = made
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._in_use: WeakValueDictionary[Hashable, Any] = WeakValueDictionary()
        self._making: dict[Hashable, threading.Lock] = {}
        self._full_keys: dict[Hashable, Hashable] = {}

    def get(
        self,
        key: Hashable,
        make: Callable[[], T],
        full_key: Callable[[T], Hashable] | None = None,
    ) -> T:
        """What `make` gave for this key.

        Others who ask for the same key meanwhile wait for it; other keys do not wait.
        full_key: of what was made, the key that says what this one leaves open; from then on
            either finds it.
        """
        with self._lock:
            key = self._full_keys.get(key, key)
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            try:
                return self._find(key)
            except KeyError:
                pass
            try:
                made = make()
                self._put(key, full_key(made) if full_key else key, made)
            except BaseException:
                with self._lock:  # a name that nothing can be made of leaves nothing behind
                    self._making.pop(key, None)
                raise
        self._on_made()
        return made

    def shrink(self) -> None:
        """Let go of all but the one that was used last."""
        with self._lock:
            self._drop_oldest(1)

    def forget(self, is_gone: Callable[[Any], bool]) -> None:
        """Let go of the results whose key is gone."""
        with self._lock:
            for key in [key for key in self._made if is_gone(key)]:
                self._drop(key)

    def _find(self, key: Hashable) -> Any:
        with self._lock:
            key = self._full_keys.get(key, key)
            if key not in self._made:
                self._keep(key, self._in_use[key])
            self._made.move_to_end(key)
            return self._made[key]

    def _put(self, asked: Hashable, key: Hashable, made: Any) -> None:
        with self._lock:
            if asked != key:
                self._full_keys[asked] = key
                self._making.pop(asked, None)
            self._keep(key, made)

    def _keep(self, key: Hashable, made: Any) -> None:
        self._made[key] = made
        with suppress(TypeError):  # None, or a number: nothing that fills memory
            self._in_use[key] = made
        self._drop_oldest(self._size)

    def _drop_oldest(self, size: int) -> None:
        while len(self._made) > size:
            self._drop(next(iter(self._made)))

    def _drop(self, key: Hashable) -> None:
        del self._made[key]
        self._making.pop(key, None)
