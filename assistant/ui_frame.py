"""The window's own HTML around the conversation: head, header, empty state, notices."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape

from assistant.extensions import Links
from assistant.ui_escape import escaped, with_signs
from assistant.ui_starts import Start
from assistant.ui_text import STATIC
from assistant.ui_theme import colour_css

SCRIPTS = (
    "window.js",
    "pressing.js",
    "speaking.js",
    "telling.js",
    "sending.js",
    "choices.js",
    "over.js",
    "page.js",
    "actions.js",
    "copying.js",
    "saving.js",
    "talks.js",
    "names.js",
    "judging.js",
    "stopping.js",
    "tab.js",
)
_WORDS = (
    "title",
    "conversation",
    "view.",
    "talks.",
    "shelf.",
    "programme",
    "year",
    "feedback.",
    "lost.",
    "deadlines.",
    "conditions.",
    "calculation.",
    "status.",
    "page",
    "contact",
    "nearest",
    "differs",
    "asked",
    "copied",
    "open_pdf",
    "new",
    "search_in",
    "stop",
    "more",
    "wait",
    "on_its_way",
    "editing",
)
"""Sentences of what the window's scripts build: page view, kept conversations, copies, feedback."""


def head_html(
    languages: Mapping[str, Mapping[str, str]],
    *,
    by_system: bool = False,
    words: tuple[str, ...] = (),
) -> str:
    """What the page's head holds of ours; the addresses change with what they lead to.

    Args:
        languages: sentences by language.
        by_system: for pages without Gradio, whose darkness is the system's.
        words: beginnings of names of sentences that a page's own script needs besides.
    """
    wanted = (*_WORDS, *words)
    sentences = {
        language: {name: text for name, text in messages.items() if name.startswith(wanted)}
        for language, messages in languages.items()
    }
    scripts = "".join(map(script_html, SCRIPTS))
    return (
        f'<style id="guide-colours">{colour_css(by_system=by_system)}</style>'
        f'<meta name="guide-words" content="{escape(json.dumps(sentences, ensure_ascii=False))}">'
        f'<link rel="stylesheet" href="{_address("window.css")}">'
        f'<link rel="stylesheet" media="print" href="{_address("print.css")}">{scripts}'
        f"{_icon_html()}"
    )


def first_html() -> str:
    """What stands before all else in the head of the window."""
    return _icon_html() + script_html("leaving.js")


def _icon_html() -> str:
    return f'<link rel="icon" type="image/svg+xml" href="{_address("icon.svg")}">'


def script_html(name: str) -> str:
    """A script of ours; it runs once the page is there."""
    return f'<script src="{_address(name)}" defer></script>'


def _address(name: str) -> str:
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"ui/{name}?v={digest}"


def header_html(text: Mapping[str, str], links: Links = ()) -> str:
    """The way past all else, the name of the product, ways to pages for admins and to talks."""
    return (
        f'<div class="skip"><a href="#question">{escaped(text["skip"])}</a></div>'
        f'<div class="bar" lang="{escaped(text["language"])}"><h1>{_title_html(text)}</h1>'
        f"{_links_html(text, links)}"
        f'<button type="button" class="talks">{escaped(text["talks.short"])}</button></div>'
    )


def admin_page_html(
    languages: Mapping[str, Mapping[str, str]],
    language: str,
    *,
    name: str,
    links: Links,
    script: str,
    words: tuple[str, ...] = (),
    body: str,
) -> str:
    """A page for admins, as a whole HTML page.

    Args:
        languages: sentences by language.
        language: of the page.
        name: name of the sentence that is its title.
        links: to all pages for admins.
        script: the element that brings its own script; see `script_html`.
        words: as for `head_html`.
        body: HTML.
    """
    text = languages[language]
    others = tuple(link for link in links if link[1] != name)
    return (
        f'<!doctype html><html lang="{escaped(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escaped(text[name])}</title>"
        f"{head_html(languages, by_system=True, words=(*words, 'refusal.'))}"
        f"{script_html('admin.js')}{script}</head>"
        f'<body class="kept"><header id="header"><div class="bar" lang="{escaped(language)}">'
        f"<h1>{escaped(text[name])}</h1>{_links_html(text, others)}"
        f'<a href="./">{_title_html(text)}</a></div></header>'
        f'<main id="shelf">{body}</main></body></html>'
    )


def _title_html(text: Mapping[str, str]) -> str:
    """The name of the product, and the one for small screens."""
    return (
        f'<span class="whole">{escaped(text["title"])}</span>'
        f'<span class="short">{escaped(text["title_short"])}</span>'
    )


def _links_html(text: Mapping[str, str], links: Links) -> str:
    return "".join(f'<a href="{escaped(to)}">{escaped(text[name])}</a>' for to, name in links)


def placeholder_html(
    text: Mapping[str, str], library: str, starts: Sequence[Start], *, fits: bool = True
) -> str:
    """What stands where nothing was asked yet: what the library holds, and starting points.

    Args:
        text: sentences.
        library: what it holds.
        starts: starting points.
        fits: whether a guide is one of those that were chosen; where none is, that is said.
    """
    cards = "".join(map(_card, starts))
    then = f'<p>{escaped(text["starting"])}</p><ul class="starts">{cards}</ul>' if cards else ""
    if not fits:
        then = f'<p class="none" role="status">{escaped(text["no_guide_fits"])}</p>'
    return (
        f'<div class="empty"><p class="lead">{escaped(text["tagline"])}</p>'
        f'<p class="holds">{escaped(library)}</p>{then}</div>'
    )


def _card(start: Start) -> str:
    question, seen = escaped(start.question), escaped(with_signs(start.question))
    return (
        f'<li><button type="button" class="ask" value="{question}">'
        f'<span class="asker" dir="auto">{escaped(start.whose)}</span> '
        f'<span class="question" dir="auto">{seen}</span></button></li>'
    )


def notice_html(sentence: str, *, edited: bool = False) -> str:
    """A sentence to the asker that is no answer, such as why a question cannot be asked.

    Nothing where there is nothing to say.

    Args:
        sentence: what is said.
        edited: whether the last question is being changed, which can be left.
    """
    if not sentence:
        return ""
    kind = "notice edited" if edited else "notice"
    return f'<div class="{kind}" role="alert" dir="auto">{escaped(sentence)}</div>'
