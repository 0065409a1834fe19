"""What the administrator and the public fill in."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms

from core.calendars.arrangements import read_file
from core.calendars.calculator import UNITS
from core.calendars.loading import PLAIN, REASON_LENGTH
from core.calendars.models import DayKind
from core.refusals import Invalid, Reason


class Refusable(forms.Form):
    """A form that shows a refusal's reasons at its own fields."""

    def refuse(self, reasons: Iterable[Reason]) -> None:
        """Put each reason to its field, or over the form."""
        for reason in reasons:
            self.add_error(reason.field if reason.field in self.fields else None, reason.text)


class LoadForm(Refusable):
    """A year's arrangement: pasted, or as a file."""

    source = forms.CharField(
        label="来源",
        max_length=REASON_LENGTH,
        help_text="通知的名称和文号，如“国务院办公厅关于2027年部分节假日安排的通知”。",
    )
    text = forms.CharField(
        label="节假日和补班日",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text="每行依次写日期、类别（放假或补班）、节日名称，用逗号隔开，如 2027-10-01,放假,国庆节。",
    )
    file = forms.FileField(label="或上传 CSV 文件", required=False, help_text="内容与上面相同；选了文件就以文件为准。")

    def clean(self) -> dict[str, Any]:
        """Take the file's text in place of what was pasted."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None:
            try:
                cleaned["text"] = read_file(file)
            except Invalid as refused:
                self.add_error("file", str(refused))
        elif not cleaned.get("text", "").strip():
            self.add_error("text", "请粘贴安排，或上传 CSV 文件。")
        return cleaned

    def refuse(self, reasons: Iterable[Reason]) -> None:
        """What is wrong with the table stands where it came from."""
        source = "file" if self.cleaned_data.get("file") else "text"
        super().refuse(replace(reason, field=source) if reason.field == "text" else reason for reason in reasons)


class ConfirmForm(Refusable):
    """Why a year that was not announced is confirmed as reckoned."""

    reason = forms.CharField(
        label="确认的理由", max_length=REASON_LENGTH, help_text="记入日历历史和审计记录，随日历公布。"
    )


class OverrideForm(Refusable):
    """One day of a loaded year."""

    date = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    kind = forms.ChoiceField(
        label="改为",
        required=False,
        choices=[*DayKind.choices, (PLAIN, "平日（按周一至周五上班、周末休息）")],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label="节日或事由", max_length=40, required=False, help_text="补班日写补哪个节日的班；恢复为平日的不用填。"
    )
    note = forms.CharField(label="依据", max_length=REASON_LENGTH, help_text="通知的名称和文号。")


class WorkdaysForm(Refusable):
    """The calculator. What was typed is judged by the calculator itself, the same for every entrance."""

    start = forms.CharField(
        label="起算日",
        widget=forms.DateInput(attrs={"type": "date", "min": "2004-01-01", "max": "2100-12-31"}, format="%Y-%m-%d"),
        help_text="收到、送达或作出之日，当日不计入。",
    )
    amount = forms.CharField(
        label="长度", widget=forms.NumberInput(attrs={"min": 0, "max": 999_999, "inputmode": "numeric"})
    )
    unit = forms.ChoiceField(
        label="单位",
        choices=[(str(unit), label) for unit, label in UNITS.items()],
        widget=forms.RadioSelect,
        help_text="自然日按机构的期限计算：最后一日不是工作日的，顺延至其后第一个工作日。",
    )
