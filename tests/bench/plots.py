"""Small plots as SVG, drawn anew when `PLOTS=1 make bench` is run."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).parent / "figures"
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 420, 220, 40, 34, 110, 30
COLOURS = ("#0f766e", "#b45309", "#4338ca", "#be123c")
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}"'
    ' font-family="sans-serif" font-size="11"><rect width="{w}" height="{h}" fill="#ffffff"/>'
)


def lines(
    name: str,
    title: str,
    along: Sequence[object],
    series: Mapping[str, Sequence[float]],
    *,
    allowed: float,
) -> None:
    """One line for each series over evenly spaced places, and a dashed one at what is allowed."""
    if not os.environ.get("PLOTS"):
        return
    most = max(allowed * 1.2, *(max(values) for values in series.values()))

    def x(at: int) -> float:
        return LEFT + at * (WIDTH - LEFT - RIGHT) / max(len(along) - 1, 1)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM)

    parts = [HEAD.format(w=WIDTH, h=HEIGHT), _text(LEFT, 18, title, "start", bold=True)]
    for value in (0.0, 1.0, allowed):
        dash = ' stroke-dasharray="4 3"' if value == allowed else ""
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"'
            f' stroke="#9ca3af"{dash}/>'
        )
        parts.append(_text(LEFT - 6, y(value) + 4, f"{value:g}×", "end"))
    parts += [_text(x(at), HEIGHT - 10, str(one), "middle") for at, one in enumerate(along)]
    for colour, values in zip(COLOURS, series.values(), strict=False):
        points = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in enumerate(values))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
    for place, (colour, label) in enumerate(zip(COLOURS, series, strict=False)):
        parts.append(
            _text(WIDTH - RIGHT + 10, TOP + 10 + 16 * place, label, "start", colour=colour)
        )
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.svg").write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def bars(name: str, title: str, values: Mapping[str, float], unit: str = "") -> None:
    """One bar for each value, with its name before and the figure behind it."""
    if not os.environ.get("PLOTS"):
        return
    left, height = 150, TOP + 24 * len(values) + 8
    most = max(values.values())
    parts = [HEAD.format(w=WIDTH, h=height), _text(10, 18, title, "start", bold=True)]
    for place, (label, value) in enumerate(values.items()):
        top = TOP + 24 * place
        long = value / most * (WIDTH - left - 80)
        parts.append(_text(left - 8, top + 12, label, "end"))
        parts.append(
            f'<rect x="{left}" y="{top}" width="{long:.1f}" height="16" fill="{COLOURS[0]}"/>'
        )
        parts.append(_text(left + long + 6, top + 12, f"{value:g}{unit}", "start"))
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.svg").write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def _text(
    x: float, y: float, said: str, anchor: str, *, bold: bool = False, colour: str = "#1f2937"
) -> str:
    style = f'fill="{colour}"' + (' font-weight="bold"' if bold else "")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {style}>{said}</text>'
