"""A plain line drawing as SVG, with a logarithmic axis of sizes and a direct label at the end of each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 230, 20, 50
COLOURS = ("#1b5e84", "#a8431f", "#4d6b1f", "#6b3fa0")
DASHES = ("", "6 3", "2 3", "8 3 2 3")  # so that nobody needs to tell colours apart
Points = Sequence[tuple[float, float]]


def drawn_lines(curves: Mapping[str, Points], across: str, upwards: str) -> str:
    """The drawing; each curve is a list of points from left to right."""
    points = [point for curve in curves.values() for point in curve]
    most_x, most_y = max(x for x, _ in points), 1.1 * max(y for _, y in points)
    lines = {title: [(_x(x, most_x), _y(y, most_y)) for x, y in curve] for title, curve in curves.items()}
    labels = _labels({title: line[-1][1] for title, line in lines.items()})
    parts = _axes(most_x, most_y, across, upwards)
    for at, (title, line) in enumerate(lines.items()):
        parts += _curve(title, line, at, labels[title])
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" '
        f'font-size="12">\n<title>{escape(upwards)} by {escape(across)}</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _labels(ends: Mapping[str, float]) -> dict[str, float]:
    # From the lowest up, each beside the end of its line, or just above the label below it.
    placed: dict[str, float] = {}
    free = float(HEIGHT)
    for title in sorted(ends, key=lambda each: -ends[each]):
        placed[title] = min(ends[title], free)
        free = placed[title] - 16
    return placed


def _curve(title: str, line: Points, at: int, label: float) -> list[str]:
    colour, dash = COLOURS[at % len(COLOURS)], DASHES[at % len(DASHES)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
    end_x = line[-1][0]
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in line),
        f'<text x="{end_x + 10:.1f}" y="{label + 4:.1f}" fill="{colour}">{escape(title)}</text>',
    ]


def _axes(most_x: float, most_y: float, across: str, upwards: str) -> list[str]:
    right, low = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for power in range(int(log10(max(10.0, most_x))) + 1):
        parts.append(f'<text x="{_x(10**power, most_x):.1f}" y="{low + 18}" text-anchor="middle">{10**power:,}</text>')
    step = next(step for step in (0.25, 0.5, 1, 2, 5, 10, 100, 1000, most_y) if most_y / step <= 6)
    for number in range(int(most_y / step) + 1):
        y = _y(number * step, most_y)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{number * step:g}</text>')
    parts.append(f'<path d="M{LEFT} {TOP}V{low}H{right}" fill="none" stroke="#444"/>')
    parts.append(f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{escape(across)}</text>')
    parts.append(f'<text x="{LEFT}" y="{TOP - 6}">{escape(upwards)}</text>')
    return parts


def _x(value: float, most: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * log10(max(1.0, value)) / log10(max(10.0, most))


def _y(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / most
