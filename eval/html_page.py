"""The frame of reports as one HTML file that needs nothing else, and the parts they share.

Texts of questions and guides are escaped everywhere; a content policy lets only the page's own
script run and only pictures that are in the file be shown.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files

from eval.metrics import PageKey


def html_page(title: str, intro: str, body: Iterable[str]) -> str:
    """The whole file.

    Args:
        title: plain text.
        intro: plain text under the title.
        body: HTML.
    """
    style, script = data_file("report.css"), data_file("report.js")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{page_policy()}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{style}</style></head><body>",
            f'<header><h1>{escape(title)}</h1><p class="soft">{escape(intro)}</p></header><main>',
            *body,
            f"</main><script>{script}</script></body></html>",
        ]
    )


def page_policy() -> str:
    """What a page may do: run its own script, and show pictures that are in the file."""
    digest = base64.b64encode(hashlib.sha256(data_file("report.js").encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'"
    )


def data_file(name: str) -> str:
    """A text file that comes with this package."""
    return files("eval").joinpath("data", name).read_text(encoding="utf-8")


def filters(labels: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Controls that choose among questions, for those who have scripts.

    Args:
        labels: name of each `data-` attribute to what it is called.
        rows: the attributes of each question.
    """
    yield '<div class="filters" hidden>'
    for key, label in labels.items():
        values = sorted({row[key] for row in rows} - {""})
        choices = "".join(f"<option>{escape(value)}</option>" for value in values)
        yield (
            f'<label>{label}<select data-filter="{key}"><option value="">all</option>'
            f"{choices}</select></label>"
        )
    yield '<label>Words<input id="words" type="search"></label>'
    yield '<output id="shown" aria-live="polite"></output></div>'


NONE_FITS = '<p id="none" class="none" hidden>No question fits. Set the filters to “all”.</p>'
"""Stands under the questions; shown where the filters hide all of them."""


def question_head(
    number: str, question: str, *, outcome: str, tags: Iterable[str], data: Mapping[str, str]
) -> Iterator[str]:
    """The line of a question, which opens it; ends inside the open element."""
    attributes = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items())
    yield f'<details class="question" id="{escape(number)}"{attributes}><summary>'
    yield f'<span class="{outcome}">{outcome}</span>'
    yield f"<span>{escape(number)}</span>"
    yield f'<span class="text">{escape(question)}</span>'
    yield f'<span class="tags">{escape(" · ".join(filter(None, tags)))}</span></summary>'
    yield '<div class="inside">'


QUESTION_END = "</div></details>"


def page_name(page: PageKey, gold: Sequence[PageKey]) -> str:
    """A page for people, marked where it is gold."""
    shown = escape(f"{page[0]} p. {page[1]}")
    return f'<span class="gold">{shown} (gold)</span>' if page in gold else shown


def items(texts: Iterable[str]) -> str:
    """A list of plain texts."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "numbers") -> str:
    """A table of plain texts; the first cell of each row heads it."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(
        "<tr>"
        + f'<th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    inside = f"<table class={kind}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="scroll" tabindex="0">{inside}</div>'
