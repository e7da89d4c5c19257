"""The window's looks as values of Gradio's theme: one accent, quiet surfaces, system fonts.

Layout and everything inside an answer is in `data/ui/static/window.css`, which reads the same
colours from the theme's variables. Contrasts are AA (at least 4.5 to 1 for text) in both modes;
`tests/test_ui_theme.py` computes them.
"""

from __future__ import annotations

FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
MONOSPACE = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]

LIGHT = {
    "ground": "#fbfbf9",
    "surface": "#f2f3ef",
    "line": "#d9dcd5",
    "text": "#1f2730",
    "quiet": "#56606b",
    "accent": "#1d5480",
    "accent_strong": "#143f62",
    "accent_soft": "#e3edf5",
    "on_accent": "#ffffff",
    "notice": "#fbf3df",
    "on_notice": "#5d4407",
    "marker": "#e9b931",
    "good": "#1e6b43",
    "bad": "#9c2f26",
}
DARK = {
    "ground": "#15191e",
    "surface": "#1e242b",
    "line": "#353d47",
    "text": "#e6e9ec",
    "quiet": "#a3adb8",
    "accent": "#8fc1ea",
    "accent_strong": "#b5d7f3",
    "accent_soft": "#20303f",
    "on_accent": "#0f1a24",
    "notice": "#352c17",
    "on_notice": "#f0dca6",
    "marker": "#c99a2e",
    "good": "#83c9a0",
    "bad": "#f0a39b",
}

_ROLES = {
    "body_background_fill": "ground",
    "body_text_color": "text",
    "body_text_color_subdued": "quiet",
    "background_fill_primary": "ground",
    "background_fill_secondary": "surface",
    "border_color_primary": "line",
    "border_color_accent": "accent",
    "color_accent_soft": "accent_soft",
    "link_text_color": "accent",
    "link_text_color_hover": "accent_strong",
    "link_text_color_visited": "accent",
    "link_text_color_active": "accent_strong",
    "block_background_fill": "ground",
    "block_border_color": "line",
    "block_label_text_color": "quiet",
    "block_title_text_color": "quiet",
    "input_background_fill": "ground",
    "input_background_fill_focus": "ground",
    "input_border_color": "line",
    "input_border_color_focus": "accent",
    "input_placeholder_color": "quiet",
    "button_primary_background_fill": "accent",
    "button_primary_background_fill_hover": "accent_strong",
    "button_primary_text_color": "on_accent",
    "button_secondary_background_fill": "surface",
    "button_secondary_background_fill_hover": "accent_soft",
    "button_secondary_text_color": "text",
    "button_secondary_border_color": "line",
}

THEME: dict[str, str] = {
    name + suffix: colours[role]
    for suffix, colours in (("", LIGHT), ("_dark", DARK))
    for name, role in _ROLES.items()
} | {"block_shadow": "none", "input_shadow": "none", "button_primary_shadow": "none"}


def colour_css(*, by_system: bool = False) -> str:
    """The colours as custom properties, light and dark.

    Dark is under Gradio's class `dark`, or for pages of our own as the system wants it; paper is
    light.
    """
    light, dark = (
        "".join(f"--guide-{name.replace('_', '-')}:{value};" for name, value in colours.items())
        for colours in (LIGHT, DARK)
    )
    if by_system:
        return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f":root{{{light}}}@media screen{{.dark{{{dark}}}}}"
