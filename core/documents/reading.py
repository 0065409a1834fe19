"""A DOCX or XLSX as a page to read beside the work. What counts is the file itself: the page says so."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Any, BinaryIO, Final
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

import mammoth
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from python_calamine import CalamineError, CalamineWorkbook

from core.documents.formats import DOCX, XLSX

# Larger ones are saved and opened by the reader's own program.
LARGEST = 8 * 1024 * 1024
# Of a sheet, so much is shown; the page says what is left out.
ROWS, COLUMNS = 500, 40
# What the readers raise over a file whose inside is not what its format promises.
UNREADABLE: Final = (BadZipFile, ExpatError, CalamineError, KeyError, IndexError, ValueError, AttributeError)
# The page runs nothing and fetches nothing, whatever the file holds: its pictures stand in it.
POLICY: Final = "sandbox; default-src 'none'; img-src data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'"


def readable(media_type: str, size: int) -> bool:
    """Whether such a file can be read as a page."""
    return media_type in _READERS and size <= LARGEST


def page(file: BinaryIO, *, name: str, media_type: str) -> str:
    """Return the file's content as a whole page of HTML, to be served under POLICY; a sentence where it cannot be
    read. The file was checked when it came (core.documents.formats)."""
    try:
        content = _READERS[media_type](file)
    except UNREADABLE:
        content = None
    return render_to_string("documents/read.html", {"name": name, "content": content})


def _words(file: BinaryIO) -> dict[str, Any]:
    # Its HTML may hold what the file holds, links and all: POLICY's sandbox lets none of it act.
    return {"words": mark_safe(mammoth.convert_to_html(file).value)}  # noqa: S308


def _tables(file: BinaryIO) -> dict[str, Any]:
    book = CalamineWorkbook.from_filelike(file)
    return {"sheets": [_sheet(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]}


def _sheet(name: str, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    widest = max((len(row) for row in rows), default=0)
    return {
        "name": name,
        "rows": [[_cell(value) for value in row[:COLUMNS]] for row in rows[:ROWS]],
        "more_rows": max(len(rows) - ROWS, 0),
        "more_columns": max(widest - COLUMNS, 0),
    }


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


_READERS: Final[dict[str, Callable[[BinaryIO], dict[str, Any]]]] = {DOCX: _words, XLSX: _tables}
