"""The workbooks handed out: the template to fill in, and a register given back with what is wrong beside its rows."""

import io
from collections.abc import Iterable
from typing import BinaryIO, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.reference.models import Area, Occupation
from filings.imports import sheet as names
from filings.imports.cells import shown
from filings.imports.columns import COLUMNS
from filings.imports.reading import Fault
from filings.imports.sheet import MOST_LINES, open_register

TEMPLATE_NAME: Final = "历史备案录入模板.xlsx"
FAULTS: Final = "问题"
_HEAD = PatternFill("solid", fgColor="FFDCE6F2")
_WRONG = PatternFill("solid", fgColor="FFFBE3E0")
_TEXT = "@"
_TOP = Alignment(vertical="top", wrap_text=True)

HINTS: Final = (
    "只录入现在有效的备案；已经失效、终止的不录。",
    "一行写一个机构的一个职业。同一家机构有几个职业的，写几行；第二行起，备案编码和机构的各列可以不写，也可以合并单元格。",
    "同一个职业在两处场地评价的，写两行，场地不同。场地就在机构注册地址的，场地三列都不写，系统记为“本部”。",
    "带 * 的列必须填写。列的先后不限，多余的列不影响。",
    "日期、等级、县（市、区）、职业的写法见各列说明，全角数字、空格不影响。不要用公式。",
    "信用代码一列请保持“文本”格式，否则末几位会丢失。",
    f"一次最多 {MOST_LINES} 行。有一处不对，整个文件都不录入；系统逐行列出问题，改好再上传即可。",
)


def template() -> bytes:
    """Return the template: the empty register with its lists, hints, a sample, areas and occupations."""
    book = Workbook()
    register = book.active
    register.title = names.NAME
    _headings(register)
    for place, column in enumerate(COLUMNS.values(), 1):
        register.cell(1, place).comment = Comment(column.hint, "")
        for row in range(2, 302):
            register.cell(row, place).number_format = _TEXT
    areas = _listed(book.create_sheet(names.AREAS), ("名称", "代码"), Area.objects.values_list("name", "code"))
    occupations = _listed(
        book.create_sheet(names.OCCUPATIONS),
        ("职业（工种）", "名称", "代码"),
        ((f"{name} {code}", name, code) for code, name in Occupation.objects.values_list("code", "name")),
    )
    for key, listed in (("area", areas), ("site_area", areas), ("occupation", occupations)):
        _offer(register, key, listed)
    _hints(book.create_sheet(names.HINTS, 1))
    sample = book.create_sheet(names.SAMPLE, 2)
    _headings(sample)
    for line in (0, 1):
        sample.append([column.sample[line] for column in COLUMNS.values()])
    return _bytes(book)


def with_faults(file: BinaryIO, faults: Iterable[Fault]) -> bytes:
    """Return the register of a file with what is wrong beside its rows, the cells concerned coloured.

    It can be mended and uploaded as it is: the first column is none of the register's. Raises as `open_register`.
    """
    by_row: dict[int, list[Fault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    book = Workbook()
    register = book.active
    register.title = names.NAME
    _headings(register, first=FAULTS)
    for place, line in enumerate(open_register(file).lines, 2):
        found = by_row.get(line.number, [])
        words = "\n".join(f"{fault.label}：{fault.text}" for fault in found)
        _write(register, place, 1, f"原第 {line.number} 行\n{words}" if found else "")
        for column, key in enumerate(COLUMNS, 2):
            _write(register, place, column, shown(line.cells[key]) if key in line.cells else "")
            if any(fault.column in (key, "") for fault in found):
                register.cell(place, column).fill = _WRONG
    return _bytes(book)


def sample_rows() -> list[list[str]]:
    """Return the sample's lines, for the page."""
    return [[column.sample[line] for column in COLUMNS.values()] for line in (0, 1)]


def _headings(register: Worksheet, *, first: str = "") -> None:
    register.append([*filter(None, [first]), *(column.heading for column in COLUMNS.values())])
    widths = [60] * bool(first) + [column.width for column in COLUMNS.values()]
    for place, width in enumerate(widths, 1):
        cell = register.cell(1, place)
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, _TOP
        register.column_dimensions[get_column_letter(place)].width = width
    register.freeze_panes = "C2"


def _write(register: Worksheet, row: int, column: int, said: str) -> None:
    """Write words as words: what begins with "=" is no formula here."""
    cell = register.cell(row, column, said)
    cell.data_type, cell.number_format, cell.alignment = "s", _TEXT, _TOP


def _listed(sheet: Worksheet, heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Fill a sheet of a list; return the range of its first column."""
    sheet.append(heading)
    for row in rows:
        sheet.append(row)
    for place, _ in enumerate(heading, 1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = 30
    return f"'{sheet.title}'!$A$2:$A${max(sheet.max_row, 2)}"


def _offer(register: Worksheet, key: str, listed: str) -> None:
    """Offer a list to choose from; what else is written is judged by the portal, not by the spreadsheet."""
    choice = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=False)
    letter = get_column_letter(list(COLUMNS).index(key) + 1)
    choice.add(f"{letter}2:{letter}{MOST_LINES + 1}")
    register.add_data_validation(choice)


def _hints(sheet: Worksheet) -> None:
    for hint in HINTS:
        sheet.append([hint])
    sheet.append([])
    sheet.append(["列", "怎样写", "必填"])
    for column in COLUMNS.values():
        sheet.append([column.label, column.hint, "是" if column.needed else ""])
    for letter, width in (("A", 24), ("B", 90), ("C", 8)):
        sheet.column_dimensions[letter].width = width


def _bytes(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
