"""Batches of texts that mean the same, from which the text models learn.

Never an English text beside a Korean one: that they mean the same is left for LoRA to teach.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from assets.build import cldr, scenes
from assets.build.pairs import deal_scenes
from assets.build.scenes_europe import LANGUAGES, PATTERNS, tell_european

NAME_LANGUAGES = ("en", "de", "es", "fr", "it", "pt", "nl", "sv", "pl", "tr")

Batch = tuple[list[str], list[str]]


class SceneSource:
    """Scenes told twice; never one of the scenes of the bundled pairs."""

    def __init__(self, seed: int, languages: tuple[str, ...] = ("en",)) -> None:
        self._rng = random.Random(seed)
        self._languages = languages
        self._reserved = {scene for dealt in deal_scenes() for scene in dealt}

    def __call__(self, size: int) -> Batch:
        """So many different scenes, each in two ways of telling it."""
        chosen: dict[scenes.Scene, None] = {}
        while len(chosen) < size:
            scene = self._draw_near(list(chosen))
            if scene not in self._reserved:
                chosen.setdefault(scene)
        told = [self._tell_twice(scene) for scene in chosen]
        return [one for one, _ in told], [other for _, other in told]

    def _draw_near(self, chosen: list[scenes.Scene]) -> scenes.Scene:
        """Half of the time a scene that shares all but one or two things with one before it."""
        scene = scenes.draw_scene(self._rng)
        if not chosen or self._rng.random() < 0.5:
            return scene
        base = vars(self._rng.choice(chosen)).copy()
        for name in self._rng.sample(sorted(base), 2):
            base[name] = vars(scene)[name]
        return scenes.Scene(**base)

    def _tell_twice(self, scene: scenes.Scene) -> tuple[str, str]:
        ways = self._rng.sample(list_ways(self._languages), 2)
        return ways[0](scene), ways[1](scene)


def list_ways(languages: tuple[str, ...]) -> list[Callable[[scenes.Scene], str]]:
    """Every pattern of every language."""
    ways: list[Callable[[scenes.Scene], str]] = []
    if "en" in languages:
        ways += [
            lambda scene, i=i: scenes.tell_english(scene, i) for i in range(scenes.ENGLISH_PATTERNS)
        ]
    if "ko" in languages:
        ways += [
            lambda scene, i=i: scenes.tell_korean(scene, i) for i in range(scenes.KOREAN_PATTERNS)
        ]
    for language in sorted(set(languages) & set(LANGUAGES)):
        ways += [
            lambda scene, name=language, i=i: tell_european(scene, name, i) for i in range(PATTERNS)
        ]
    return ways


class NameSource:
    """CLDR's names of emoji, countries, languages, units ... in two languages each."""

    def __init__(self, seed: int, held_out: float = 0.0) -> None:
        self._rng = random.Random(seed)
        names = {language: _read_names(language) for language in NAME_LANGUAGES}
        keys = sorted(names["en"])
        random.Random(0).shuffle(keys)
        count = int(len(keys) * held_out)
        self._names, self.test, self._keys = names, keys[:count], keys[count:]

    def __call__(self, size: int) -> Batch:
        """So many names, no text twice, each in two of the languages that have it."""
        one, other, seen = [], [], set()
        while len(one) < size:
            a, b = self._translate(self._rng.choice(self._keys))
            if a != b and not {a, b} & seen:
                seen |= {a, b}
                one.append(a)
                other.append(b)
        return one, other

    def between(self, first: str, second: str) -> Batch:
        """The held-out names in two given languages, the same text in both left out."""
        a, b = self._names[first], self._names[second]
        keys = [key for key in self.test if key in a and key in b and a[key] != b[key]]
        return [a[key] for key in keys], [b[key] for key in keys]

    def _translate(self, key: str) -> tuple[str, str]:
        having = [language for language in NAME_LANGUAGES if key in self._names[language]]
        if len(having) < 2:
            return "", ""
        first, second = self._rng.sample(having, 2)
        return self._names[first][key], self._names[second][key]


def _read_names(language: str) -> dict[str, str]:
    return cldr.read_emoji_names(language) | cldr.read_other_names(language)
