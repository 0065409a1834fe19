"""Figures as bars with the table they are drawn from: components/chart.html, drawn by the server, no script."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A piece of a bar: a whole number, and how wide it is drawn, in percent of the longest bar."""

    value: int
    start: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One line of a chart: its name, its pieces in the order of the chart's series, where it leads."""

    label: str
    parts: tuple[Part, ...]
    url: str = ""

    @property
    def total(self) -> int:
        """All its pieces together."""
        return sum(part.value for part in self.parts)


@dataclass(frozen=True)
class Chart:
    """A chart of one to three series. heading: what the lines are ("区域"); empty: what would fill it."""

    title: str
    heading: str
    series: tuple[str, ...]
    unit: str
    bars: tuple[Bar, ...]
    empty: str = ""

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to draw: no lines, or all of them nought."""
        return not any(bar.total for bar in self.bars)


def chart(
    title: str,
    rows: Sequence[tuple[str, Sequence[int]] | tuple[str, Sequence[int], str]],
    *,
    heading: str,
    series: Sequence[str],
    unit: str,
    empty: str = "",
) -> Chart:
    """Return a chart of rows (name, a whole number for each series, address or none); the longest bar fills it."""
    longest = max((sum(row[1]) for row in rows), default=0) or 1
    bars = []
    for label, values, *url in rows:
        parts, start = [], 0
        for value in values:
            parts.append(Part(value, round(100 * start / longest, 2), round(100 * value / longest, 2)))
            start += value
        bars.append(Bar(label, tuple(parts), *url))
    return Chart(title, heading, tuple(series), unit, tuple(bars), empty)
