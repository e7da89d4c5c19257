"""axe-core in the browser: what it finds that shuts people out."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")


COLOURS = ("color-contrast", "link-in-text-block")
"""Rules whose outcome the colours decide; the others need no second run in the dark."""


def violations(page: Page, *rules: str) -> list[tuple[str, str, list[str]]]:
    """What axe-core finds serious or critical: (rule, impact, where); by default by every rule."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        (v["id"], v["impact"], [str(node["target"]) for node in v["nodes"]])
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]


def in_both_schemes(page: Page) -> None:
    """Fails on any violation, light and dark: as the system wants it, and as Gradio makes it."""
    # Colours on their way from one to the other are neither.
    page.add_style_tag(content="* { transition: none !important; }")
    for scheme in ("light", "dark"):
        dark = scheme == "dark"
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
        assert violations(page, *(COLOURS if dark else ())) == [], scheme
    page.emulate_media(color_scheme="light")
    page.evaluate("document.body.classList.remove('dark')")
