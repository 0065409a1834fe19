"""What a data set is: its fields, each with what it says and where it comes from. Nothing else can reach a file."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# A cell: text, whole number, yes or no, day, or nothing.
Cell = str | int | bool | datetime.date | None
STRING, INTEGER, BOOLEAN, DATE = "string", "integer", "boolean", "date"  # types of Table Schema
TYPES = {STRING: "文字", INTEGER: "整数", BOOLEAN: "是否", DATE: "日期"}


@dataclass(frozen=True)
class Field:
    """A column: its name for programs and for people, its type, what it says, how it is read from the data set's row.

    constraints: as Table Schema names them ("required", "enum", "pattern", …).
    """

    name: str
    title: str
    type: str
    description: str
    value: Callable[[Any], Cell]
    constraints: Mapping[str, Any] = field(default_factory=dict)

    @property
    def type_text(self) -> str:
        """The type in words."""
        return TYPES[self.type]


@dataclass(frozen=True)
class Dataset:
    """A table of open data. rows: yields, for a day, what the fields are read from, in a fixed order.

    key: the fields that name a row; belongs_to: the data set in which a row's first key is found, if that is another.
    """

    name: str
    title: str
    description: str
    source: str
    key: tuple[str, ...]
    rows: Callable[[datetime.date], Iterable[Any]]
    fields: tuple[Field, ...]
    belongs_to: str = ""

    def cells(self, on: datetime.date) -> Iterator[list[Cell]]:
        """Yield the table as of a day: of each row the declared fields alone."""
        for row in self.rows(on):
            yield [*(column.value(row) for column in self.fields), on]

    @property
    def columns(self) -> tuple[Field, ...]:
        """The fields with the day that every table bears."""
        return (*self.fields, AS_OF)


AS_OF = Field(
    "as_of", "截至日期", DATE, "本行数据截至哪一天；状态、名额都按这一天计算。", lambda row: None, {"required": True}
)
REQUIRED: Mapping[str, Any] = {"required": True}
