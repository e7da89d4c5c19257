"""Charts of a report as inline SVG: colours come from the page's style, text stays text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from eval.statistics import Difference, Estimate

WIDTH = 640
_LABEL = 190
_VALUE = 150
_ROW = 26
_PLOT = WIDTH - _LABEL - _VALUE


def intervals(title: str, found: Mapping[str, Estimate]) -> str:
    """A dot with its interval for each share (0…1), value and n beside it."""
    rows = []
    for number, (name, e) in enumerate(found.items()):
        low, dot, high = (_LABEL + share * _PLOT for share in (e.low, e.value, e.high))
        rows.append(_dotted(number, name, (low, dot, high), f"{e.value:.3f} (n = {e.n})"))
    spoken = "; ".join(
        f"{name} {e.value:.3f}, from {e.low:.3f} to {e.high:.3f}" for name, e in found.items()
    )
    return _figure(title, spoken, len(found), _axis(len(found), "0", "1") + "".join(rows))


def shifts(title: str, found: Mapping[str, Difference]) -> str:
    """A dot with its interval for each change of a share, none in the middle."""
    reach = max((abs(v) for d in found.values() for v in (d.low, d.high)), default=0.0) or 0.01
    middle = _LABEL + _PLOT / 2
    rows = [f'<line class="axis" x1="{middle}" x2="{middle}" y1="2" y2="{len(found) * _ROW + 4}"/>']
    for number, (name, d) in enumerate(found.items()):
        low, dot, high = (middle + v / reach * _PLOT / 2 for v in (d.low, d.change, d.high))
        rows.append(_dotted(number, name, (low, dot, high), f"{d.change:+.3f} (p = {d.p:.3f})"))
    spoken = "; ".join(
        f"{name} {d.change:+.3f}, from {d.low:+.3f} to {d.high:+.3f}" for name, d in found.items()
    )
    axis = _axis(len(found), f"{-reach:+.2f}", f"{reach:+.2f}")
    return _figure(title, spoken, len(found), axis + "".join(rows))


def bars(title: str, timings: Mapping[str, Mapping[str, float]]) -> str:
    """Median (full) and 95th percentile (light) of each stage, in milliseconds."""
    longest = max((value["p95"] for value in timings.values()), default=0.0) or 1.0
    rows = []
    for number, (stage, value) in enumerate(timings.items()):
        y = _middle(number)
        half, most = (value[name] / longest * _PLOT for name in ("p50", "p95"))
        rows.append(
            _label(stage, y)
            + f'<rect class="light" x="{_LABEL}" y="{y - 7}" width="{most:.1f}" height="14"/>'
            + f'<rect class="full" x="{_LABEL}" y="{y - 7}" width="{half:.1f}" height="14"/>'
            + _value(f"{value['p50']:.0f}, {value['p95']:.0f} ms", y)
        )
    spoken = "; ".join(
        f"{stage}: median {v['p50']:.0f} ms, 95th percentile {v['p95']:.0f} ms"
        for stage, v in timings.items()
    )
    axis = _axis(len(timings), "0", f"{longest:.0f} ms")
    return _figure(title, spoken, len(timings), axis + "".join(rows))


def strips(title: str, groups: Mapping[str, Sequence[float]]) -> str:
    """A tick for each value of a group, all on one scale."""
    values = [value for group in groups.values() for value in group]
    lowest, highest = min(values, default=0.0), max(values, default=1.0)
    span = (highest - lowest) or 1.0
    rows = []
    for number, (name, group) in enumerate(groups.items()):
        y = _middle(number)
        ticks = "".join(
            f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 8}" y2="{y + 8}"/>'
            for x in (_LABEL + (value - lowest) / span * _PLOT for value in group)
        )
        rows.append(_label(name, y) + ticks + _value(f"n = {len(group)}", y))
    spoken = "; ".join(
        f"{name}: {len(group)}, from {min(group):.3f} to {max(group):.3f}"
        for name, group in groups.items()
        if group
    )
    axis = _axis(len(groups), f"{lowest:.2f}", f"{highest:.2f}")
    return _figure(title, spoken, len(groups), axis + "".join(rows))


def _figure(title: str, spoken: str, rows: int, inside: str) -> str:
    height = rows * _ROW + 30
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(spoken)}">'
        f"{inside}</svg></figure>"
    )


def _axis(rows: int, low: str, high: str) -> str:
    bottom = rows * _ROW + 4
    right = _LABEL + _PLOT
    return (
        f'<path class="axis" d="M{_LABEL} 2V{bottom}H{right}V2"/>'
        f'<text class="end" x="{_LABEL}" y="{bottom + 16}">{escape(low)}</text>'
        f'<text class="end" x="{right}" y="{bottom + 16}">{escape(high)}</text>'
    )


def _dotted(row: int, name: str, reach: tuple[float, float, float], said: str) -> str:
    """A dot between the ends of its interval; `reach` is the x of low end, dot and high end."""
    y = _middle(row)
    low, dot, high = reach
    return (
        _label(name, y)
        + f'<line class="whisker" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/>'
        + f'<circle class="dot" cx="{dot:.1f}" cy="{y}" r="5"/>'
        + _value(said, y)
    )


def _middle(row: int) -> int:
    return row * _ROW + _ROW // 2 + 2


def _label(text: str, y: int) -> str:
    return f'<text class="name" x="{_LABEL - 10}" y="{y + 4}">{escape(text)}</text>'


def _value(text: str, y: int) -> str:
    return f'<text class="value" x="{_LABEL + _PLOT + 12}" y="{y + 4}">{escape(text)}</text>'
