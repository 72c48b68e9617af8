"""Real emoji: pictures from Noto Color Emoji, names from CLDR."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from assets.build.cldr import VARIATION, read_emoji_names, read_groups

FONT = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
BITMAP_SIZE = 109  # the only size that the font's bitmaps have
GLYPH = (136, 128)  # pixels of one bitmap
SIDE = 72
PALETTE = 128


@dataclass(frozen=True)
class Emoji:
    """One emoji: its characters, its names and its group ("Other" where CLDR gives none)."""

    characters: str
    english: str
    korean: str
    group: str


def find_emoji() -> list[Emoji]:
    """Every emoji that the font draws as one picture of its own, with names that are unique."""
    font, groups = _load_font(), read_groups()
    english, korean = read_emoji_names("en"), read_emoji_names("ko")
    common = sorted(set(english) & set(korean), key=lambda c: (len(c), c))
    found: list[Emoji] = []
    seen: set[bytes] = set()
    for characters in common:
        picture = _render(characters, font)
        if picture is None or picture.tobytes() in seen:
            continue
        seen.add(picture.tobytes())
        group = groups.get(characters.replace(VARIATION, ""), _guess_group(characters))
        found.append(Emoji(characters, english[characters], korean[characters], group))
    often = Counter(name for emoji in found for name in {emoji.english, emoji.korean})
    return [e for e in found if often[e.english] == 1 and often[e.korean] == 1]


def draw_emoji(emoji: Emoji) -> Image.Image:
    """Its picture on white, SIDE x SIDE, in few colours."""
    picture = _render(emoji.characters, _load_font())
    square = Image.new("RGB", (GLYPH[0], GLYPH[0]), "white")
    square.paste(picture, (0, (GLYPH[0] - GLYPH[1]) // 2))
    small = square.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return small.quantize(PALETTE, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


def _load_font() -> ImageFont.FreeTypeFont:
    if not FONT.exists():
        raise SystemExit(f"{FONT} is missing: install Debian's fonts-noto-color-emoji")
    return ImageFont.truetype(FONT, BITMAP_SIZE, layout_engine=ImageFont.Layout.RAQM)


def _render(characters: str, font: ImageFont.FreeTypeFont) -> Image.Image | None:
    """The glyph on white, or None where the font has none in colour, or more than one."""
    text = characters if len(characters) > 1 else characters + VARIATION
    if characters.isascii():  # "#" and the like have glyphs for keycaps only
        return None
    if font.getlength(text) != font.getlength("😀"):
        return None
    picture = Image.new("RGB", GLYPH, "white")
    ImageDraw.Draw(picture).text((0, 0), text, font=font, embedded_color=True)
    return picture if picture.getcolors(1) is None else None


def _guess_group(characters: str) -> str:
    is_flag = all(0x1F1E6 <= ord(c) <= 0x1F1FF for c in characters)
    return "Flags" if is_flag else "Other"
