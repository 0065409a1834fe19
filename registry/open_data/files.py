"""A data set as files: the same content gives the same bytes, whenever it is written."""

import datetime
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any

from core.web import exports
from registry.open_data.table import Cell, Dataset

CSV, JSON, XLSX = "csv", "json", "xlsx"
JSON_TYPE = "application/json"
# More rows than that no sheet holds, with its heading.
SHEET_ROWS = 1_048_575
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")


Rows = Iterator[list[Cell]]


@dataclass(frozen=True)
class Format:
    """A kind of file: its media type, whether its headings are the titles for people, how it is written."""

    key: str
    media_type: str
    titles: bool
    write: Callable[[Dataset, Rows], IO[bytes]]


def _csv(dataset: Dataset, rows: Rows) -> IO[bytes]:
    """RFC 4180 with a byte order mark, so that spreadsheet programs read the Chinese; no cell is a formula."""
    cells = ([_text(cell) for cell in row] for row in rows)
    return _spooled(line.encode() for line in exports.lines([one.name for one in dataset.columns], cells))


def _text(cell: Cell) -> Any:
    return str(cell).lower() if isinstance(cell, bool) else cell


def _json(dataset: Dataset, rows: Rows) -> IO[bytes]:
    """One list of objects, one a line."""
    return _spooled(line.encode() for line in _json_lines(dataset, rows))


def _json_lines(dataset: Dataset, rows: Rows) -> Iterator[str]:
    names = [one.name for one in dataset.columns]
    before = "["
    for row in rows:
        cells = [cell.isoformat() if isinstance(cell, datetime.date) else cell for cell in row]
        yield f"{before}\n{json.dumps(dict(zip(names, cells, strict=True)), ensure_ascii=False)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _xlsx(dataset: Dataset, rows: Rows) -> IO[bytes]:
    """The table under its titles, and a sheet that says what each of them means."""
    headings = [one.title for one in dataset.columns]
    explained = ([one.title, one.name, one.type_text, one.description] for one in dataset.columns)
    sheets = ((title, headings, some) for title, some in _sheets(dataset, rows))
    last = ("字段说明", ["字段", "名称", "类型", "说明"], explained)
    with exports.workbook(chain(sheets, [last])) as written:
        return _without_moments(written)


def _sheets(dataset: Dataset, rows: Rows) -> Iterator[tuple[str, Rows]]:
    """The rows, on as many sheets as they need; the first one even where there are none."""
    yield dataset.title, _some(rows)
    number = 1
    while (row := next(rows, None)) is not None:
        number += 1
        yield f"{dataset.title}{number}", _some(rows, row)


def _some(rows: Rows, *first: list[Cell]) -> Rows:
    yield from first
    for _, row in zip(range(SHEET_ROWS - len(first)), rows, strict=False):
        yield row


def _without_moments(book: IO[bytes]) -> IO[bytes]:
    """The same workbook without the moment at which it was written."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(target, "w") as copy:
        for entry in sorted(source.infolist(), key=lambda one: one.filename):
            plain = zipfile.ZipInfo(entry.filename, _ZIP_EPOCH)
            plain.compress_type = zipfile.ZIP_DEFLATED
            with source.open(entry) as part, copy.open(plain, "w") as written:
                if entry.filename == "docProps/core.xml":
                    written.write(_MOMENT.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", part.read()))
                else:
                    while block := part.read(1 << 20):
                        written.write(block)
    target.seek(0)
    return target


def _spooled(parts: Iterable[bytes]) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
    file.writelines(parts)
    file.seek(0)
    return file


FORMATS: tuple[Format, ...] = (
    Format(CSV, exports.CSV_TYPE, False, _csv),
    Format(JSON, JSON_TYPE, False, _json),
    Format(XLSX, exports.XLSX_TYPE, True, _xlsx),
)
