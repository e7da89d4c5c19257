from __future__ import annotations

import itertools

import pytest

from assistant.ui_text import STATIC
from assistant.ui_theme import DARK, LIGHT, THEME, colour_css


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_the_contrast_of_level_aa(colours: dict[str, str]) -> None:
    grounds = ("ground", "surface", "accent_soft")
    pairs = [*itertools.product(("text", "quiet", "accent", "accent_strong"), grounds)]
    pairs += [("on_accent", "accent"), ("on_accent", "accent_strong"), ("on_notice", "notice")]
    for ink, paper in pairs:
        assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)


def test_both_modes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
    css = colour_css()
    assert css.startswith(":root{--guide-ground:#")
    assert f".dark{{--guide-ground:{DARK['ground']};" in css
    assert THEME["body_text_color_dark"] == DARK["text"]


def test_the_style_sheet_uses_only_colours_of_the_theme() -> None:
    css = "".join((STATIC / f"{name}.css").read_text("utf-8") for name in ("window", "print"))
    known = {f"--guide-{name.replace('_', '-')}" for name in LIGHT}
    sizes = {"--guide-column", "--guide-measure", "--guide-gutter", "--font"}
    used = {part.split(")")[0].split(",")[0] for part in css.split("var(")[1:]}
    assert used <= known | sizes
    assert "url(" not in css
    assert "@import" not in css
