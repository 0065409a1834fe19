"""How a page looks, asked of the browser: what is cut off, runs out of its place, or lies over something else."""

from pathlib import Path
from typing import Any

LAYOUT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def faults(page: Any) -> list[str]:
    """Return what is wrong with the layout of an open page, one line each (tests/looking.js)."""
    found: list[str] = page.evaluate(LAYOUT)
    return found
