"""Lists as files: every row that is filtered, in the list's order, as CSV or XLSX. The one place that writes either."""

import csv
import datetime
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CSV, XLSX = "csv", "xlsx"
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a list's head offers (components/list_head.html).
LINKS = ({"label": "导出 XLSX", "format": XLSX}, {"label": "导出 CSV", "format": CSV})

# A text that begins so is read as a formula by spreadsheet programs.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What no XML file may hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST_CELL = 32_767  # characters, as spreadsheet programs have it
NARROWEST, WIDEST = 12, 40  # columns, in characters

Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]  # title, headings, rows


def asked(params: Mapping[str, Any]) -> str:
    """Return the kind of file that `export` in the address asks for; an empty string for the page itself."""
    wanted = str(params.get("export") or "")
    return wanted if wanted in (CSV, XLSX) else ""


def respond(
    kind: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, on: datetime.date
) -> HttpResponseBase:
    """Return the rows as a file to save, named by the title and the day, like 备案申请-20260922.xlsx.

    rows: one sequence a row, its cells text, whole numbers, dates or None; read once, so they may come in batches.
    """
    name = f"{title}-{on:%Y%m%d}.{kind}"
    response: HttpResponseBase
    if kind == XLSX:
        response = FileResponse(workbook([(title, headings, rows)]), content_type=XLSX_TYPE)
    else:
        response = StreamingHttpResponse(lines(headings, rows), content_type=CSV_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


class _Echo:
    """What csv.writer writes to: hands the line back."""

    def write(self, line: str) -> str:
        return line


def lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield a CSV file a line at a time. A byte order mark first: without it spreadsheet programs read no Chinese."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(headings)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: Any) -> str:
    """Return a CSV cell that is no formula: a leading sign gets a quote before it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) and not isinstance(cell, int | float) else text


def workbook(sheets: Iterable[Sheet]) -> Any:
    """Return an XLSX file with these sheets, written row by row to the disk; it goes when it is closed."""
    book = Workbook(write_only=True)
    for title, headings, rows in sheets:
        sheet = book.create_sheet(title[:31])
        sheet.freeze_panes = "A2"
        for number, heading in enumerate(headings, 1):
            # A Chinese character is twice as wide as a digit.
            width = min(max(NARROWEST, 2 * len(heading) + 2), WIDEST)
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
        for row in rows:
            sheet.append([_cell(sheet, cell) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    """A cell: dates and numbers as such, text as text, whatever it begins with."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=_CONTROL.sub("", value)[:LONGEST_CELL])
    cell.data_type = "s"
    if value.startswith(FORMULA):
        # Edited in a spreadsheet program it stays text.
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
