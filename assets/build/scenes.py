"""Little scenes in words: a small white cat sleeps in the forest at night.

2 sizes x 8 colours x 12 animals x 8 actions x 10 places x 6 times = 92,160 scenes. A scene is
told in several sentence patterns per language (other languages: see scenes_europe).
"""

from __future__ import annotations

import random
from dataclasses import astuple, dataclass

# English word -> Korean word.
SIZES = {"small": "작은", "big": "큰"}
COLOURS = {
    "white": "하얀",
    "black": "검은",
    "brown": "갈색",
    "red": "빨간",
    "blue": "파란",
    "green": "초록색",
    "yellow": "노란",
    "pink": "분홍색",
}
ANIMALS = {
    "cat": "고양이",
    "dog": "강아지",
    "rabbit": "토끼",
    "bear": "곰",
    "fox": "여우",
    "horse": "말",
    "bird": "새",
    "frog": "개구리",
    "pig": "돼지",
    "tiger": "호랑이",
    "monkey": "원숭이",
    "duck": "오리",
}
# Third person, participle -> Korean: plain, in progress, before a noun.
ACTIONS = {
    ("sleeps", "sleeping"): ("잠을 잔다", "잠을 자고 있다", "잠을 자는"),
    ("runs", "running"): ("달린다", "달리고 있다", "달리는"),
    ("dances", "dancing"): ("춤을 춘다", "춤을 추고 있다", "춤을 추는"),
    ("sings", "singing"): ("노래한다", "노래하고 있다", "노래하는"),
    ("reads a book", "reading a book"): ("책을 읽는다", "책을 읽고 있다", "책을 읽는"),
    ("drinks water", "drinking water"): ("물을 마신다", "물을 마시고 있다", "물을 마시는"),
    ("eats an apple", "eating an apple"): ("사과를 먹는다", "사과를 먹고 있다", "사과를 먹는"),
    ("waits for a friend", "waiting for a friend"): (
        "친구를 기다린다",
        "친구를 기다리고 있다",
        "친구를 기다리는",
    ),
}
PLACES = {
    "in the forest": "숲에서",
    "on the beach": "바닷가에서",
    "in the garden": "정원에서",
    "by the river": "강가에서",
    "on the roof": "지붕 위에서",
    "in the kitchen": "부엌에서",
    "in the park": "공원에서",
    "at school": "학교에서",
    "under a tree": "나무 아래에서",
    "on a hill": "언덕에서",
}
TIMES = {
    "in the morning": "아침에",
    "at noon": "한낮에",
    "in the evening": "저녁에",
    "at night": "밤에",
    "on a rainy day": "비 오는 날에",
    "on a snowy day": "눈 오는 날에",
}
TABLES = (SIZES, COLOURS, ANIMALS, ACTIONS, PLACES, TIMES)


@dataclass(frozen=True)
class Scene:
    """Positions in this module's tables."""

    size: int
    colour: int
    animal: int
    action: int
    place: int
    time: int

    def words(self) -> list:
        """The English keys of the six tables."""
        return [list(table)[i] for table, i in zip(TABLES, astuple(self), strict=True)]

    def translations(self) -> list:
        """The Korean values of the six tables."""
        return [list(table.values())[i] for table, i in zip(TABLES, astuple(self), strict=True)]


def draw_scene(rng: random.Random) -> Scene:
    """Any scene, each as likely as the others."""
    return Scene(*(rng.randrange(len(table)) for table in TABLES))


def draw_distinct(count: int, seed: int) -> list[Scene]:
    """So many different scenes."""
    rng = random.Random(seed)
    scenes: dict[Scene, None] = {}
    while len(scenes) < count:
        scenes.setdefault(draw_scene(rng))
    return list(scenes)


ENGLISH_PATTERNS = 4
KOREAN_PATTERNS = 4


def tell_english(scene: Scene, pattern: int) -> str:
    """The scene in one of ENGLISH_PATTERNS."""
    size, colour, animal, (verb, participle), place, time = scene.words()
    who = f"{size} {colour} {animal}"
    return (
        f"A {who} {verb} {place} {time}.",
        f"{_capital(time)}, a {who} is {participle} {place}.",
        f"{_capital(place)}, a {who} {verb} {time}.",
        f"There is a {who} {participle} {place} {time}.",
    )[pattern]


def tell_korean(scene: Scene, pattern: int) -> str:
    """The scene in one of KOREAN_PATTERNS."""
    size, colour, animal, (verb, progress, adnominal), place, time = scene.translations()
    who = f"{size} {colour} {animal}{subject_particle(animal)}"
    return (
        f"{time} {place} {who} {verb}.",
        f"{time} {who} {place} {progress}.",
        f"{place} {who} {time} {verb}.",
        f"{time} {place} {adnominal} {who} 있다.",
    )[pattern]


def subject_particle(word: str) -> str:
    """이 after a syllable that ends in a consonant, else 가."""
    return "이" if (ord(word[-1]) - 0xAC00) % 28 else "가"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
