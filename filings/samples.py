"""What the guide hands out to look at and to fill in: samples, templates and lists, made by the portal itself.

They are no official papers: no number, no code, no seal. The words beside each field are the form's own, so that a
sample cannot lag behind the form.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.template.loader import render_to_string
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from core.documents import rendering
from core.documents.formats import PDF, XLSX
from filings import sample_texts as texts
from filings.enums import StaffKind
from filings.forms import draft_rows, draft_steps
from filings.staff_table import COLUMNS, MOST_ROWS
from regulation.conditions import CONDITIONS
from regulation.materials import MATERIALS

_FILL_IN = ("填写的项目", "示范内容", "说明")


@dataclass(frozen=True)
class Section:
    """A table of a sample: its heading, the words of its columns, its rows; shape: how wide its columns are."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str = ""
    shape: str = "even"


@dataclass(frozen=True)
class Sample:
    """Something handed out. step: the step of the wizard (or the material) beside which it is needed."""

    key: str
    title: str
    about: str
    media_type: str
    make: Callable[[], bytes]
    step: str

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"{self.title}.{'pdf' if self.media_type == PDF else 'xlsx'}"


def _fields(form: type[forms.BaseForm], values: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The fields of a form in its order, with what the sample writes into each."""
    fields = {name: field for name, field in form.base_fields.items() if name in values}  # type: ignore[attr-defined]
    return [(str(field.label), values[name], str(field.help_text)) for name, field in fields.items()]


def _lines(form: type[forms.BaseForm], lines: Iterable[Mapping[str, str]]) -> tuple[tuple[str, ...], list[Any]]:
    """The fields of a form as columns, and the sample's lines below them."""
    fields = form.base_fields  # type: ignore[attr-defined]
    return tuple(str(field.label) for field in fields.values()), [
        tuple(line[name] for name in fields) for line in lines
    ]


def application_sections() -> list[Section]:
    """The application, step by step, filled in for an invented agency."""
    materials = [(material.label, material.hint, "已上传") for material in MATERIALS.values()]
    return [
        Section("1. 机构与负责人", _FILL_IN, _fields(draft_steps.AgencyForm, texts.AGENCY), shape="fill"),
        Section(
            "2. 职业、等级与业绩",
            _FILL_IN,
            [
                *_fields(draft_steps.SinceForm, texts.SINCE),
                ("职业（工种）", "焊工（6-18-02-04）", "输入名称或代码，从列表中选择；可以添加多个。"),
                *_fields(draft_rows.ScopeForm, texts.SCOPE),
            ],
            shape="fill",
        ),
        Section("近3年培训评价（焊工）", *_lines(draft_rows.RecordForm, texts.RECORDS), "逐个职业（工种）填写。"),
        Section("3. 场地、设备与监控", _FILL_IN, _fields(draft_rows.SiteForm, texts.SITE), shape="fill"),
        Section("4. 人员", *_lines(draft_rows.StaffForm, texts.STAFF), "适用职业空着，表示都适用。"),
        Section("5. 六项材料", ("材料", "交什么", "示范"), materials, shape="ticks"),
        Section("6. 承诺与提交", _FILL_IN, _fields(draft_steps.PledgeForm, texts.PLEDGE), shape="fill"),
    ]


def outline_sections() -> list[Section]:
    """The outline of the work plan (M8(2)), with the condition that each chapter answers."""
    rows = [
        (title, words, CONDITIONS[key].label if key else MATERIALS["work_plan"].label)
        for title, words, key in texts.OUTLINE
    ]
    return [Section("提纲", ("章节", "写什么", "对应的备案条件"), rows, shape="fill")]


def checklist_sections() -> list[Section]:
    """The six materials with what each has to show, to be ticked off."""
    return [
        Section(
            f"{number}. {material.label}",
            ("应能看出", "备案条件的出处", "核对"),
            [(CONDITIONS[key].label, CONDITIONS[key].citation.running, "□") for key in material.shows],
            f"{material.hint}格式：{'、'.join(name.upper() for name in material.formats)}。",
            "ticks",
        )
        for number, material in enumerate(MATERIALS.values(), 1)
    ]


def _pdf(title: str, lead: str, sections: list[Section]) -> bytes:
    return rendering.pdf(render_to_string("papers/sample.html", {"title": title, "lead": lead, "sections": sections}))


def staff_template() -> bytes:
    """The staff table as a workbook: what is copied from it, the wizard reads (filings.staff_table)."""
    book = Workbook()
    table, sample = book.active, book.create_sheet("填写示例")
    table.title = "人员"
    for sheet in (table, sample):
        for place, column in enumerate(COLUMNS, 1):
            cell = sheet.cell(1, place, column.label)
            cell.font, cell.comment = Font(bold=True), Comment(column.hint, "")
            sheet.column_dimensions[cell.column_letter].width = 28
        sheet.freeze_panes = "A2"
    for row in range(2, MOST_ROWS + 2):
        for place in range(1, len(COLUMNS) + 1):
            table.cell(row, place).number_format = "@"
    for line in texts.STAFF:
        sample.append([line[column.key] for column in COLUMNS])
    hints = book.create_sheet("填写说明")
    for hint in (
        "在“人员”表里填好，选中各行（连表头），复制，粘贴到申请的“人员”一步。",
        f"类别只有四类：{'、'.join(StaffKind.labels)}。",
        *(f"{column.label}：{column.hint}" for column in COLUMNS),
    ):
        hints.append([hint])
    hints.column_dimensions["A"].width = 90
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _paper(key: str, title: str, about: str, *, lead: str, sections: Callable[[], list[Section]], step: str) -> Sample:
    return Sample(key, title, about, PDF, lambda: _pdf(title, lead, sections()), step)


_ALL: Final = (
    _paper(
        "application",
        "备案申请示范文本",
        "一份填好的申请，机构和内容都是虚构的；逐项对照着填。",
        lead="机构、人员和数字都是虚构的。申请在网上逐步填写，不用交这张表。",
        sections=application_sections,
        step="agency",
    ),
    _paper(
        "checklist",
        "六项材料核对表",
        "每项材料应能看出什么，可以打印出来逐项打勾。",
        lead="上传之前逐项核对，审核人员也对照这些条件。",
        sections=checklist_sections,
        step="materials",
    ),
    _paper(
        "work-plan",
        "认定工作方案提纲",
        "写认定工作方案时可以参考的章节和要点。",
        lead="供参考。办法没有规定方案的格式，写清楚这些内容就可以。",
        sections=outline_sections,
        step="work_plan",
    ),
    Sample("staff", "人员表模板", "在表格里填好人员，复制、粘贴到申请里。", XLSX, staff_template, "people"),
)
SAMPLES: Final[Mapping[str, Sample]] = MappingProxyType({sample.key: sample for sample in _ALL})


@cache
def content(key: str) -> bytes:
    """Return a sample's file; made once in a process. Raises KeyError for none."""
    return SAMPLES[key].make()
