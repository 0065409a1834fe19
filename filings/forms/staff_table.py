"""Rows of the staff table copied from a spreadsheet: shown first, then added; what cannot be read stays in the box."""

from collections.abc import Iterable
from typing import Any

from django import forms

from core.reference.models import Occupation
from filings.models import Application
from filings.staff_table import COLUMNS, MOST_ROWS, Table, read

_LONGEST = 50_000  # characters


class StaffTableForm(forms.Form):
    """The box to paste into. Once sent, `reading` is what was read in it, row by row."""

    use_required_attribute = False
    table = forms.CharField(
        label="从表格软件复制的各行",
        max_length=_LONGEST,
        strip=False,
        help_text="连表头一起复制更稳妥。不带表头的，按这个顺序："
        + "、".join(column.label for column in COLUMNS)
        + "。",
        # Names are no matter for a browser's storage (static/js/keep.js).
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false", "wrap": "off"}),
        error_messages={"required": "请先把表格里的各行复制、粘贴到这里。"},
    )

    def __init__(self, data: Any = None, *, application: Application, occupations: Iterable[Occupation]) -> None:
        super().__init__(data, auto_id="id_paste-%s")
        self.application = application
        self.occupations = {one.code: one.name for one in occupations}
        self.reading = Table()

    def clean_table(self) -> str:
        """Read it; refuses what holds no row, or too many."""
        text: str = self.cleaned_data["table"]
        if "\t" not in text:
            raise forms.ValidationError("这些内容没有分成几列。请在 Excel 或 WPS 里选中单元格，复制后粘贴。")
        there = self.application.staff.values_list("kind", "name", "certificate")
        self.reading = read(text, occupations=self.occupations, there=there)
        if not self.reading.rows:
            raise forms.ValidationError("只有表头，没有人员。请把下面各行也复制过来。")
        if len(self.reading.rows) > MOST_ROWS:
            raise forms.ValidationError(f"共 {len(self.reading.rows)} 行，一次最多 {MOST_ROWS} 行。请分几次粘贴。")
        return text
