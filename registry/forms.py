"""What the public types in: the look-up's filter, a code to verify, a PDF."""

import datetime
from typing import Any

from django import forms
from django.urls import reverse_lazy

from core.documents import codes
from core.refusals import Invalid
from registry import days, verification
from registry.search import STATUS_CHOICES, Query
from registry.terms import Names
from regulation.codes import LEVELS, is_filing_code


class DayForm(forms.Form):
    """Which day is asked about; none: today. `today` is the request's day."""

    on = forms.DateField(
        label="查看哪一天的状态",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按“2027-03-01”的格式填写日期。"},
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> datetime.date | None:
        """Return the day, None for today. Refuses one out of reach."""
        day: datetime.date | None = self.cleaned_data["on"]
        if day is not None and (why := days.against(day, self.today)):
            raise forms.ValidationError(why)
        return day

    def day(self) -> datetime.date:
        """Return the day asked about; today where none is, or where it does not fit."""
        self.is_valid()
        return self.cleaned_data.get("on") or self.today


class AgencyFilter(DayForm):
    """What is looked for among agencies, on a day; what else narrows it is offered with counts (registry/facets.py)."""

    field_order = ("q", "on")

    q = forms.CharField(
        label="关键词",
        required=False,
        strip=True,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": "名称、拼音、编码、职业、地址",
                "maxlength": "100",
                "data-suggest": reverse_lazy("registry:suggest"),
            }
        ),
    )
    area = forms.ChoiceField(label="区域", required=False, widget=forms.HiddenInput)
    occupation = forms.ChoiceField(label="职业（工种）", required=False, widget=forms.HiddenInput)
    level = forms.ChoiceField(
        label="等级", required=False, choices=[(str(level), "") for level in LEVELS], widget=forms.HiddenInput
    )
    status = forms.ChoiceField(label="状态", required=False, choices=STATUS_CHOICES, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = Names()
        self.fields["area"].choices = self.names.areas  # type: ignore[attr-defined]
        self.fields["occupation"].choices = self.names.occupations  # type: ignore[attr-defined]

    def query(self) -> Query:
        """Return what is asked for; a part that does not fit is left out, and its field says so."""
        self.is_valid()
        given = self.cleaned_data
        level = given.get("level")
        return Query(
            text=given.get("q", ""),
            area=given.get("area", ""),
            occupation=given.get("occupation", ""),
            level=int(level) if level else None,
            status=given.get("status", ""),
            names=self.names,
        )


class CodeForm(forms.Form):
    """A verification code, typed in any manner; a filing code is welcome too and leads to the agency."""

    code = forms.CharField(
        label="核验码",
        max_length=60,
        help_text="印在文书二维码旁，16 位，如 K7QM-2XHP-9DRT-4WAB。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """Return the code as it is stored, or a filing code. Refuses what can be neither."""
        text = self.cleaned_data["code"].strip()
        if is_filing_code(text.upper()):
            return text.upper()
        normal = codes.normalise(text)
        if not normal:
            raise forms.ValidationError(
                "这不是核验码：核验码是 16 位字母和数字，没有 0、1、I、L、O。请对照文书重新输入。"
                if not _near(text)
                else "核验码里没有 0、1、I、L、O 这几个容易混淆的字符。请对照文书重新输入。"
            )
        return normal


def _near(text: str) -> bool:
    """Whether only characters that the alphabet leaves out stand in the way."""
    plain = "".join(sign for sign in text.upper() if sign.isalnum())
    return len(plain) == codes.LENGTH and not set(plain) - set(codes.ALPHABET) - set("01ILO")


class PdfForm(forms.Form):
    """A PDF to check. It is read once and not kept."""

    file = forms.FileField(label="上传文书的 PDF 文件", error_messages={"required": "请选择要核验的 PDF 文件。"})

    def clean_file(self) -> bytes:
        """Return the file's bytes; refuses what is too large or no PDF."""
        try:
            return verification.read_pdf(self.cleaned_data["file"])
        except Invalid as refused:
            raise forms.ValidationError(str(refused)) from refused


class PlacesFilter(forms.Form):
    """What narrows the table of free places."""

    q = forms.CharField(
        label="职业名称或代码", required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    area = forms.ChoiceField(label="区域", required=False)
    show = forms.ChoiceField(
        label="职业", required=False, choices=[("", "全部"), ("free", "有名额的"), ("urgent", "急需紧缺的")]
    )

    def __init__(self, *args: Any, areas: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = Names()
        self.fields["area"].choices = [("", "全市"), *((name, name) for name in areas)]  # type: ignore[attr-defined]
