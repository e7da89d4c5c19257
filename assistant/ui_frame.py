"""The window's own HTML around the conversation: head, header, empty state, notices."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape

from assistant.ui_escape import escaped
from assistant.ui_text import STATIC, Example
from assistant.ui_theme import colour_css

SCRIPTS = ("window.js", "page.js", "talks.js")
_WORDS = (
    "view.",
    "talks.",
    "shelf.",
    "programme",
    "year",
    "library.many_pages",
    "feedback.",
    "deadlines.local",
    "differs",
    "open_pdf",
    "new",
)
"""Sentences of what the window's scripts build: page view, kept conversations, feedback."""


def head_html(languages: Mapping[str, Mapping[str, str]], *, by_system: bool = False) -> str:
    """What the page's head holds of ours; the addresses change with what they lead to.

    Args:
        languages: sentences by language.
        by_system: for pages without Gradio, whose darkness is the system's.
    """
    words = {
        language: {name: text for name, text in messages.items() if name.startswith(_WORDS)}
        for language, messages in languages.items()
    }
    scripts = "".join(map(script_html, SCRIPTS))
    return (
        f'<style id="guide-colours">{colour_css(by_system=by_system)}</style>'
        f'<meta name="guide-words" content="{escape(json.dumps(words, ensure_ascii=False))}">'
        f'<link rel="stylesheet" href="{_address("window.css")}">{scripts}'
        f'<link rel="icon" type="image/svg+xml" href="{_address("icon.svg")}">'
    )


def script_html(name: str) -> str:
    """A script of ours; it runs once the page is there."""
    return f'<script src="{_address(name)}" defer></script>'


def _address(name: str) -> str:
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"ui/{name}?v={digest}"


def header_html(text: Mapping[str, str], *, admin: bool = False) -> str:
    """The name of the product, and the ways to kept conversations and, for admins, the library."""
    library = f'<a href="library">{escaped(text["shelf.name"])}</a>' if admin else ""
    return (
        f'<div class="bar" lang="{escaped(text["language"])}"><h1>{escaped(text["title"])}</h1>'
        f"{library}"
        f'<button type="button" class="talks">{escaped(text["talks.short"])}</button></div>'
    )


def placeholder_html(text: Mapping[str, str], library: str, examples: Sequence[Example]) -> str:
    """What stands where nothing was asked yet: what the library holds, and starting points."""
    cards = "".join(_card(example, text) for example in examples)
    then = f'<p>{escaped(text["starting"])}</p><ul class="starts">{cards}</ul>' if cards else ""
    return (
        f'<div class="empty"><p class="lead">{escaped(text["tagline"])}</p>'
        f'<p class="holds">{escaped(library)}</p>{then}</div>'
    )


def _card(example: Example, text: Mapping[str, str]) -> str:
    question = escaped(example.question(text["language"]))
    asker = escaped(text[f"askers.{example.asker}"])
    return (
        f'<li><button type="button" class="ask" value="{question}">'
        f'<span class="asker">{asker}</span> <span class="question">{question}</span></button></li>'
    )


def notice_html(sentence: str) -> str:
    """A sentence to the asker that is no answer, such as why a question cannot be asked."""
    return f'<div class="notice" role="alert" dir="auto">{escaped(sentence)}</div>'
