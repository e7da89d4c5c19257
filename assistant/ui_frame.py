"""The window's own HTML around the conversation: head, header, empty state, notices."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from html import escape

from assistant.ui_answer import escaped
from assistant.ui_text import STATIC
from assistant.ui_theme import colour_css

VIEW = (
    "page",
    "previous",
    "next",
    "larger",
    "smaller",
    "close",
    "loading",
    "unplaced",
    "failed",
)
"""Sentences of the page view, which the window's script builds."""


def head_html(text: Mapping[str, str]) -> str:
    """What the page's head holds of ours; the addresses change with what they lead to."""
    view = {name: text[f"view.{name}"] for name in VIEW} | {"open_pdf": text["open_pdf"]}
    css, js, icon = (
        f"ui/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
        for name in ("window.css", "window.js", "icon.svg")
    )
    return (
        f'<style id="guide-colours">{colour_css()}</style>'
        f'<meta name="guide-view" content="{escape(json.dumps(view))}">'
        f'<link rel="stylesheet" href="{css}"><script src="{js}" defer></script>'
        f'<link rel="icon" type="image/svg+xml" href="{icon}">'
    )


def header_html(text: Mapping[str, str], library: str) -> str:
    """The name of the product, and what the library holds."""
    sentence = f"<p>{escaped(library or text['tagline'])}</p>"
    return f"<div><h1>{escaped(text['title'])}</h1>{sentence}</div>"


def placeholder_html(text: Mapping[str, str], *, records: bool, examples: bool) -> str:
    """What stands where nothing was asked yet."""
    lead = text["tagline"] if records else text["no_document"]
    then = f"<p>{escaped(text['starting'])}</p>" if examples else ""
    return f'<div class="empty"><p class="lead">{escaped(lead)}</p>{then}</div>'


def notice_html(sentence: str) -> str:
    """A sentence to the asker that is no answer, such as why a question cannot be asked."""
    return f'<div class="notice" role="alert" dir="auto">{escaped(sentence)}</div>'
