"""The tokens of css/essaim.css, read as they are served: every pair that a person must see or read, in both themes."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "static" / "css" / "essaim.css").read_text(encoding="utf-8")


def tokens(selector: str) -> dict[str, str]:
    """The custom properties, in hexadecimal, of the first block of this selector."""
    start = CSS.index(selector + " {") + len(selector) + 2
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})\b", CSS[start : CSS.index("}", start)]))


LIGHT = tokens(":root")
DARK = tokens(':root[data-theme="dark"]')
THEMES = {"light": LIGHT, "dark": {**LIGHT, **DARK}}

TEXT = [
    *[(text, ground) for text in ("ink", "soft", "link", "honey-deep") for ground in ("paper", "surface", "comb")],
    *[(tone, ground) for tone in ("error", "ok", "warn", "info") for ground in ("paper", "surface", f"{tone}-bg")],
    *[("ink", f"{tone}-bg") for tone in ("error", "ok", "warn", "info")],
    ("on-honey", "honey"),
    ("on-honey", "honey-hover"),
    ("on-strong", "strong"),
    ("on-strong", "strong-hover"),
    ("on-mark", "mark"),
    ("ink", "line"),
    ("soft", "lever-off"),
    *[("on-lever", f"lever-{number}") for number in range(1, 7)],
    *[(f"on-q{level}", f"q{level}") for level in range(5)],
]
MARKS = [
    *[(f"lever-{number}", ground) for number in range(1, 7) for ground in ("paper", "surface", "comb", "lever-off")],
    ("edge", "paper"),
    ("edge", "surface"),
    ("edge", "comb"),
    ("focus", "paper"),
    ("focus", "surface"),
    ("focus", "comb"),
    ("honey-deep", "paper"),
    ("honey-deep", "surface"),
    ("honey-deep", "comb"),
    ("focus", "focus-gap"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_and_white_is_21() -> None:
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21.0


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_readable(theme: str) -> None:
    named = THEMES[theme]
    weak = {pair: round(contrast(named[pair[0]], named[pair[1]]), 2) for pair in TEXT}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < 4.5}


@pytest.mark.parametrize("theme", THEMES)
def test_marks_are_visible(theme: str) -> None:
    named = THEMES[theme]
    weak = {pair: round(contrast(named[pair[0]], named[pair[1]]), 2) for pair in MARKS}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < 3}


def test_the_dark_theme_is_the_same_by_wish_and_by_switch() -> None:
    assert tokens(':root:not([data-theme="light"])') == DARK
    assert set(LIGHT) - set(DARK) == {"honey"}, "every colour is designed twice; honey alone is the same by night"


def test_no_colour_outside_the_tokens() -> None:
    body = CSS[CSS.index("@layer base {") : CSS.index("@media print {")]
    assert not re.findall(r":[^;{}]*#[0-9A-Fa-f]{3,8}\b", body)
