"""Drawn pictures of one shape on a background, with English and Korean captions.

8 colours x 6 shapes x 2 sizes x 9 places x 4 backgrounds = 3,456 combinations. They are dealt
once, by a seed, to three sets that share none: the Korean pairs, a small English control set,
and the rest, from which tiny-clip learns.
"""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw

SIDE = 96  # pixels; tiny-clip sees 48, people see thumbnails
OVERSAMPLING = 3  # drawn larger, then averaged, for smooth edges
PALETTE = 112  # colours of a stored picture, which makes its PNG small
KOREAN_PAIRS, CONTROL_PAIRS = 1_280, 256

# English word -> Korean word, and what is drawn.
COLOURS = {
    "red": ("빨간", (222, 45, 45)),
    "orange": ("주황색", (247, 140, 25)),
    "yellow": ("노란", (250, 218, 50)),
    "green": ("초록색", (25, 130, 60)),
    "blue": ("파란", (40, 80, 225)),
    "purple": ("보라색", (130, 60, 175)),
    "pink": ("분홍색", (248, 145, 190)),
    "white": ("하얀", (252, 252, 252)),
}
SHAPES = {
    "circle": "동그라미",
    "square": "네모",
    "triangle": "세모",
    "star": "별",
    "heart": "하트",
    "diamond": "마름모",
}
SIZES = {"small": ("작은", 0.115), "big": ("큰", 0.19)}  # radius as a share of the side
PLACES = {
    "at the top left": ("왼쪽 위", 0.23, 0.23),
    "at the top": ("위쪽", 0.5, 0.23),
    "at the top right": ("오른쪽 위", 0.77, 0.23),
    "on the left": ("왼쪽", 0.23, 0.5),
    "in the middle": ("한가운데", 0.5, 0.5),
    "on the right": ("오른쪽", 0.77, 0.5),
    "at the bottom left": ("왼쪽 아래", 0.23, 0.77),
    "at the bottom": ("아래쪽", 0.5, 0.77),
    "at the bottom right": ("오른쪽 아래", 0.77, 0.77),
}
BACKGROUNDS = {
    "sky": ("하늘", (190, 222, 248), (232, 243, 253)),  # upper and lower colour
    "grass": ("풀밭", (152, 208, 118), (178, 224, 138)),
    "sand": ("모래밭", (240, 222, 178), (226, 204, 156)),
    "night": ("밤하늘", (18, 22, 58), (44, 40, 92)),
}


@dataclass(frozen=True)
class Shape:
    """One combination, in English words (the keys of this module's tables)."""

    colour: str
    shape: str
    size: str
    place: str
    background: str

    def english(self) -> str:
        """'a small red circle at the top left on sky'."""
        return f"a {self.size} {self.colour} {self.shape} {self.place} on {self.background}"

    def korean(self) -> str:
        """The same caption in Korean."""
        background, place = BACKGROUNDS[self.background][0], PLACES[self.place][0]
        size, colour = SIZES[self.size][0], COLOURS[self.colour][0]
        return f"{background} {place}에 있는 {size} {colour} {SHAPES[self.shape]}"


def deal_shapes(seed: int = 0) -> tuple[list[Shape], list[Shape], list[Shape]]:
    """-> the combinations of (Korean pairs, English control pairs, pretraining)."""
    tables = (COLOURS, SHAPES, SIZES, PLACES, BACKGROUNDS)
    shapes = [Shape(*words) for words in itertools.product(*tables)]
    random.Random(seed).shuffle(shapes)
    end = KOREAN_PAIRS + CONTROL_PAIRS
    return shapes[:KOREAN_PAIRS], shapes[KOREAN_PAIRS:end], shapes[end:]


def draw(shape: Shape, rng: random.Random) -> Image.Image:
    """A picture of it (RGB, SIDE x SIDE): place, size, colour and tilt vary a little."""
    side = SIDE * OVERSAMPLING
    image = _draw_background(shape.background, side, rng)
    _, x, y = PLACES[shape.place]
    radius = SIZES[shape.size][1] * side * rng.uniform(0.92, 1.08)
    centre = [(share + rng.uniform(-0.03, 0.03)) * side for share in (x, y)]
    outline = _outline(shape.shape)
    tilt = math.radians(rng.uniform(-8, 8))
    points = [
        (
            centre[0] + radius * (px * math.cos(tilt) - py * math.sin(tilt)),
            centre[1] + radius * (px * math.sin(tilt) + py * math.cos(tilt)),
        )
        for px, py in outline
    ]
    fill = _vary(COLOURS[shape.colour][1], 10, rng)
    edge = tuple(int(channel * 0.62) for channel in fill)
    pen = ImageDraw.Draw(image)
    pen.polygon(points, fill=fill)
    pen.line([*points, *points[:2]], fill=edge, width=OVERSAMPLING + 2, joint="curve")
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def shrink_palette(image: Image.Image) -> Image.Image:
    """The picture in few colours, as it is stored."""
    return image.quantize(PALETTE, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


def _outline(name: str) -> list[tuple[float, float]]:
    """Corner points around the origin, within radius about 1; y points down."""
    if name == "square":
        return [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]
    if name == "triangle":
        return [(0, -1.0), (1.0, 0.8), (-1.0, 0.8)]
    if name == "diamond":
        return [(0, -1.1), (0.7, 0), (0, 1.1), (-0.7, 0)]
    if name == "star":
        turns = [(i * math.pi / 5 - math.pi / 2, 1.12 if i % 2 == 0 else 0.46) for i in range(10)]
        return [(r * math.cos(t), r * math.sin(t)) for t, r in turns]
    angles = [i * math.tau / 72 for i in range(72)]
    if name == "heart":
        return [_heart_point(t) for t in angles]
    return [(math.cos(t), math.sin(t)) for t in angles]


def _heart_point(t: float) -> tuple[float, float]:
    y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
    return 16 * math.sin(t) ** 3 / 16, -(y + 2) / 15


def _draw_background(name: str, side: int, rng: random.Random) -> Image.Image:
    _, upper, lower = BACKGROUNDS[name]
    upper, lower = _vary(upper, 6, rng), _vary(lower, 6, rng)
    ramp = Image.linear_gradient("L").resize((side, side))
    image = Image.composite(
        Image.new("RGB", ramp.size, lower), Image.new("RGB", ramp.size, upper), ramp
    )
    pen = ImageDraw.Draw(image)
    marks = {"sky": 4, "grass": 34, "sand": 30, "night": 22}[name]
    for _ in range(marks):
        _draw_mark(pen, name, rng.uniform(0, side), rng.uniform(0, side), rng)
    return image


def _draw_mark(pen: ImageDraw.ImageDraw, name: str, x: float, y: float, rng: random.Random) -> None:
    """A cloud, a blade of grass, a grain of sand or a star."""
    unit = OVERSAMPLING
    if name == "sky":
        width = rng.uniform(14, 24) * unit
        pen.ellipse((x - width, y - width / 4, x + width, y + width / 4), fill=(245, 250, 255))
    elif name == "grass":
        tip = (x + rng.uniform(-2, 2) * unit, y - rng.uniform(4, 8) * unit)
        pen.line([(x, y), tip], fill=(118, 182, 92), width=unit)
    elif name == "sand":
        pen.ellipse((x, y, x + 2 * unit, y + unit), fill=(208, 182, 130))
    else:
        size = rng.uniform(0.6, 1.4) * unit
        pen.ellipse((x, y, x + size, y + size), fill=(225, 225, 240))


def _vary(colour: tuple[int, int, int], by: int, rng: random.Random) -> tuple[int, int, int]:
    return tuple(min(255, max(0, channel + rng.randint(-by, by))) for channel in colour)
