"""Costly results kept for whoever needs them next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Shelf:
    """Keeps the most recently used results of something costly; makes each once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
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
                return self._put(key, full_key(made) if full_key else key, made)
            except BaseException:
                with self._lock:  # a name that nothing can be made of leaves nothing behind
                    self._making.pop(key, None)
                raise

    def forget(self, is_gone: Callable[[Any], bool]) -> None:
        """Let go of the results whose key is gone."""
        with self._lock:
            for key in [key for key in self._made if is_gone(key)]:
                self._drop(key)

    def _find(self, key: Hashable) -> Any:
        with self._lock:
            key = self._full_keys.get(key, key)
            self._made.move_to_end(key)
            return self._made[key]

    def _put(self, asked: Hashable, key: Hashable, made: T) -> T:
        with self._lock:
            if asked != key:
                self._full_keys[asked] = key
                self._making.pop(asked, None)
            self._made[key] = made
            while len(self._made) > self._size:
                self._drop(next(iter(self._made)))
        return made

    def _drop(self, key: Hashable) -> None:
        del self._made[key]
        self._making.pop(key, None)
