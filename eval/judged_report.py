"""Judged measures in reports: a part of their own, with who judged and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from eval.html_page import table

TITLE = "Judged by a language model"
OPINION = "An opinion, not a measurement; no other number of this report uses it."


def judged_rows(block: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What was judged, as names and values.

    Args:
        block: what stands in `summary.json` under "judged".
    """
    judge = block["judge"]
    yield "judge", f"{judge['model']} at {judge['address']}, temperature {judge['temperature']}"
    yield "prompts, SHA-256", judge["prompts_sha256"]
    for name, found in block["sample"].items():
        yield f"agreement with labels, {name}", _agreement(found)
    for name, measure in block["measures"].items():
        low, high = measure["ci95"]
        yield name, f"{measure['value']:.3f} [{low:.3f}, {high:.3f}] (n = {measure['n']})"
    yield "not judged", str(len(block["failures"]))
    for failure in block["failures"]:
        yield f"not judged: {failure['id']}, {failure['measure']}", failure["why"]


def judged_html(block: Mapping[str, Any]) -> Iterator[str]:
    """The same for the page."""
    yield f"<h2>{TITLE}</h2>"
    yield f'<p class="soft">{OPINION}</p>'
    yield table(("what", "value"), judged_rows(block), kind="facts")


def _agreement(found: Mapping[str, Any]) -> str:
    unjudged = f", {found['unjudged']} not judged" if found["unjudged"] else ""
    if not found["n"]:
        return f"none{unjudged}"
    kappa = "undefined" if found["kappa"] is None else f"{found['kappa']:.2f}"
    return f"{found['agreement']:.2f}, Cohen's kappa {kappa} (n = {found['n']}){unjudged}"
