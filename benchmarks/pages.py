"""How soon a source page opens: its image with a quote marked, the first time and again.

    guide serve &
    python benchmarks/pages.py http://127.0.0.1:7860 --document erasmus-plus-2026-v1-en

Takes pages spread over one document, a line of the text of each as its quote, and asks for them as
the window does. Start the server anew for the first times: it keeps what it has drawn. Prints one
JSON object; times are milliseconds.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time

import httpx

TIMEOUT_S = 60
QUOTE_CHARS = range(40, 240)
"""Lines that are taken for a quote."""


def quote_of(text: str) -> str:
    """A line from the middle of a page, "" where none is fit to be quoted."""
    lines = [line for line in text.splitlines() if len(line) in QUOTE_CHARS]
    return lines[len(lines) // 2] if lines else ""


def times(values: list[float]) -> dict[str, float]:
    """Median, the value that 95 % do not exceed (nearest rank), and the slowest."""
    ordered = sorted(values)
    at_95 = ordered[max(0, math.ceil(0.95 * len(ordered)) - 1)]
    return {
        "p50": round(ordered[len(ordered) // 2], 1),
        "p95": round(at_95, 1),
        "slowest": round(ordered[-1], 1),
    }


def main() -> None:
    """Asks for each page twice and prints the times as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:7860")
    parser.add_argument("--document", required=True, help="id of a document")
    parser.add_argument("--pages", type=int, default=80, help="how many, at most")
    parser.add_argument("--scale", type=float, default=1.5, help="pixels per point")
    given = parser.parse_args()
    with httpx.Client(base_url=given.address, timeout=TIMEOUT_S) as client:
        about = client.get(f"/api/v1/documents/{given.document}").raise_for_status().json()
        count = min(given.pages, about["pages"])
        numbers = [1 + index * about["pages"] // count for index in range(count)]
        quotes = {}
        for number in numbers:
            address = f"/api/v1/documents/{given.document}/pages/{number}"
            quote = quote_of(client.get(address).raise_for_status().json()["text"])
            if quote:
                quotes[number] = quote
        rounds: list[list[float]] = []
        placed = 0
        for _ in range(2):
            taken = []
            for number, quote in quotes.items():
                start = time.perf_counter()
                page = client.get(
                    f"/documents/{given.document}/pages/{number}.png",
                    params={"quote": quote, "scale": given.scale},
                ).raise_for_status()
                taken.append((time.perf_counter() - start) * 1000)
                placed += page.headers["x-quote-placed"] == "yes"
            rounds.append(taken)
    first, again = map(times, rounds)
    report = {"pages": len(quotes), "placed": placed // 2, "first_ms": first, "again_ms": again}
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
