"""The staff table as a clerk keeps it in a spreadsheet: its columns, and rows copied from it, read one by one.

Nothing is guessed: a row is read whole, or not at all, with what is wrong in it; what was not read is given back.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from filings import identity_numbers
from filings.enums import StaffKind
from filings.imports import cells
from filings.imports.cells import CellError
from filings.imports.columns import plain

NAME_LENGTH, CERTIFICATE_LENGTH = 40, 60
MOST_ROWS = 300
KINDS: Final = "、".join(StaffKind.labels)


@dataclass(frozen=True)
class Column:
    """A column of the table: what it is called, what to write, two lines of a sample; also: other words for it."""

    key: str
    label: str
    hint: str
    sample: tuple[str, str]
    needed: bool = False
    also: tuple[str, ...] = ()


COLUMNS: Final = (
    Column("kind", "类别", f"{KINDS}，四类之一。", ("考评人员", "督导人员"), True, ("人员类别", "岗位", "角色")),
    Column("name", "姓名", "一行写一人；一人兼几类的，写几行。", ("考评员甲", "督导员甲"), True),
    Column(
        "certificate",
        "证卡编号",
        "考评员证、督导员证或职称证书的编号，不写身份证号。请把单元格设为“文本”。",
        ("示例0001", "示例0002"),
        also=("证书编号", "编号", "证件编号", "考评员证号", "证卡号"),
    ),
    Column(
        "occupations",
        "适用职业（工种）",
        "申请的职业名称或代码，几个的用顿号隔开；都适用的，不写。",
        ("焊工、电工", ""),
        also=("适用职业", "职业", "职业（工种）", "工种", "考评职业"),
    ),
)
_CALLED: Final[Mapping[str, str]] = MappingProxyType(
    {plain(word): column.key for column in COLUMNS for word in (column.label, *column.also)}
)
_WORDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        StaffKind.FULL_TIME: ("专职", "专职人员", "工作人员"),
        StaffKind.ASSESSOR: ("考评员", "考评"),
        StaffKind.SUPERVISOR: ("督导员", "督导", "质量督导员", "内部督导员"),
        StaffKind.EXPERT: ("专家", "技术专家"),
    }
)
_KIND: Final[Mapping[str, str]] = MappingProxyType(
    {word: kind.value for kind in StaffKind for word in (kind.label, *_WORDS[kind])}
)
_BETWEEN = re.compile(r"[、,;/]+")
_ALL = frozenset({"全部", "都适用", "所有", "均适用", "各职业"})

Person = tuple[str, str, str]  # kind, name, certificate


@dataclass(frozen=True)
class Row:
    """A row as it was copied: its cells by column, what it says (None where it cannot be read), what is wrong."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any] | None
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """What was copied. unknown: headings of columns that are not used; rest: what was not read, to mend and read
    again, with its headings."""

    rows: list[Row] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    rest: str = ""

    @property
    def read(self) -> list[Row]:
        """The rows that can be added."""
        return [row for row in self.rows if row.values is not None]

    @property
    def left(self) -> list[Row]:
        """The rows that cannot."""
        return [row for row in self.rows if row.values is None]


def read(text: str, *, occupations: Mapping[str, str], there: Iterable[Person]) -> Table:
    """Read rows copied from a spreadsheet, their cells divided by tabs.

    occupations: {code: name} of those applied for; there: who stands in the application already.
    """
    lines = [line for line in _lines(text) if any(cell.strip() for cell in line)]
    if not lines:
        return Table()
    headings = [_CALLED.get(plain(cell)) for cell in lines[0]]
    headed = len(set(headings) - {None}) > 1
    keys = headings if headed else [column.key for column in COLUMNS]
    unknown = [cell.strip() for cell, key in zip(lines[0], headings, strict=True) if cell.strip() and not key]
    reader = _Reader(occupations, there)
    rows = [reader.row(number, dict(_named(keys, line))) for number, line in enumerate(lines[headed:], 1)]
    left = [lines[number] for number, row in enumerate(rows, headed) if row.values is None]
    rest = io.StringIO()
    csv.writer(rest, delimiter="\t", lineterminator="\n").writerows([*lines[:headed], *left] if left else [])
    return Table(rows, unknown if headed else [], rest.getvalue())


def _lines(text: str) -> list[list[str]]:
    """A quotation mark left open would swallow all that follows: then it is a character like any other."""
    quoting = csv.QUOTE_NONE if text.count('"') % 2 else csv.QUOTE_MINIMAL
    return list(
        csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t", quoting=quoting)
    )


def _named(keys: list[str | None], line: list[str]) -> Iterable[tuple[str, str]]:
    for key, cell in zip(keys, line, strict=False):
        if key and cell.strip():
            yield key, cell.strip()
    if extra := [cell.strip() for cell in line[len(keys) :] if cell.strip()]:
        yield "extra", "、".join(extra)


class _Reader:
    """Reads row after row; remembers who has come."""

    def __init__(self, occupations: Mapping[str, str], there: Iterable[Person]) -> None:
        self.names = dict(occupations)
        self.codes = {cells.text(name): code for code, name in occupations.items()}
        self.there = set(there)
        self.seen: dict[Person, int] = {}
        self.readers: dict[str, Callable[[str], Any]] = {
            "kind": self._kind,
            "name": cells.words(NAME_LENGTH),
            "certificate": certificate,
            "occupations": self._occupations,
        }

    def row(self, number: int, said: dict[str, str]) -> Row:
        values: dict[str, Any] = {"certificate": "", "occupations": []}
        faults = []
        for column in COLUMNS:
            if column.key in said:
                try:
                    values[column.key] = self.readers[column.key](said[column.key])
                except CellError as wrong:
                    faults.append(f"{column.label}：{wrong}")
            elif column.needed:
                faults.append(f"{column.label}：没有填写。")
        if "extra" in said:
            faults.append(f"多出的格：{said['extra']}。请对齐各列，或连表头一起复制。")
        if not faults:
            faults += self._again(number, (values["kind"], values["name"], values["certificate"]))
        return Row(number, said, None if faults else values, tuple(faults))

    def _again(self, number: int, person: Person) -> list[str]:
        if person in self.there:
            return ["已在名单里，不用再添加。"]
        first = self.seen.setdefault(person, number)
        return [f"与第 {first} 行相同。"] if first != number else []

    def _kind(self, said: str) -> str:
        found = _KIND.get(cells.text(said).replace(" ", ""))
        if found is None:
            raise CellError(f"没有“{said}”这一类，请写{KINDS}之一。")
        return found

    def _occupations(self, said: str) -> list[str]:
        found = []
        for word in filter(None, (part.strip() for part in _BETWEEN.split(cells.text(said.replace("\n", "、"))))):
            code = next((code for code in self.names if code in word), None) or self.codes.get(word)
            if word in _ALL:
                return []
            if code is None:
                raise CellError(f"“{word}”不在申请的职业（工种）里：{'、'.join(self.names.values()) or '还没有添加'}。")
            found.append(code)
        return list(dict.fromkeys(found))


def certificate(said: str) -> str:
    """Return a certificate's number. Raises CellError for what a spreadsheet has spoilt, and for an identity number,
    which is not asked for and would stand here in clear."""
    number = cells.text(said)
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", number):
        raise CellError("编号被表格软件存成了数字，末几位已经丢失。请把这一列设为“文本”，重新填写。")
    if len(number) > CERTIFICATE_LENGTH:
        raise CellError(f"太长：最多 {CERTIFICATE_LENGTH} 个字。")
    if identity_numbers.against(number) is None:
        raise CellError("这是身份证号。请填证卡的编号；没有的，不填。")
    return number
