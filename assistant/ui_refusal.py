"""What a person sees who opens an address that is refused: a small page in their language.

Programs get problem details (`assistant.problem`). The page brings its own style, for where a key
is needed the window's files need one as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.ui_escape import escaped
from assistant.ui_text import language_for, load_every_language
from assistant.ui_theme import FONT, colour_css

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""The content-security policy of the page: it loads and runs nothing."""

_FOR_PROGRAMS = re.compile(r"/(?:api|v1|mcp|metrics|healthz|readyz|gradio_api)(?:/|$)")
_REASONS = {401: "key", 403: "admin", 404: "nothing", 421: "name", 429: "often", 503: "later"}
_STYLE = (
    "body{margin:0;padding:12vh 1.25rem 3rem;background:var(--guide-ground);"
    f"color:var(--guide-text);font:1.0625rem/1.6 {','.join(FONT)};color-scheme:light dark}}"
    "main{max-width:34rem;margin:0 auto}h1{font-size:1rem;font-weight:600;"
    "color:var(--guide-quiet)}p{margin:0 0 1.25rem}a{color:var(--guide-accent)}"
).replace('"', "'")


def refusal_page(
    status: int, method: str, path: str, prefix: str, headers: Iterable[tuple[bytes, bytes]]
) -> bytes | None:
    """The page for who looks at a refusal in a browser; None where a program asked.

    Args:
        status: of the refusal.
        method: of the request.
        path: of the request, without the prefix of a proxy.
        prefix: of a proxy; "" without one.
        headers: of the request.
    """
    sent = {name.lower(): value.decode("latin-1") for name, value in headers}
    if method not in ("GET", "HEAD") or _FOR_PROGRAMS.match(path):
        return None
    wanted = (kind.partition(";")[0].strip() for kind in sent.get(b"accept", "").split(","))
    if "text/html" not in wanted:  # */* is what programs, images and scripts want
        return None
    language = language_for(sent.get(b"accept-language", ""), load_every_language())
    return _page(language, _reason(status, path), prefix)


def _reason(status: int, path: str) -> str:
    """Name of the sentence that says why, and what to do."""
    if status == 404 and path.startswith("/answers/"):
        return "refusal.kept"
    return f"refusal.{_REASONS.get(status, 'fault')}"


def _page(language: str, reason: str, prefix: str) -> bytes:
    text = load_every_language()[language]
    title = text["title"].replace("\u00ad", "")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escaped(title)}</title>"
        f"<style>{colour_css(by_system=True)}{_STYLE}</style></head>"
        f"<body><main><h1>{escaped(text['title'])}</h1><p>{escaped(text[reason])}</p>"
        f'<p><a href="{escaped(prefix)}/">{escaped(text["refusal.back"])}</a></p>'
        "</main></body></html>"
    ).encode()
