"""The filter over the board of places, and what an assignment from elsewhere asks for (M37)."""

import datetime
from typing import Any

from django import forms

from core.reference.models import Occupation
from filings import assignments, board
from filings.enums import LEVELS
from filings.forms.base import text_field
from filings.models import Filing, FilingSite, standing

_NO_SITE = "不用备案场地，在下面写明"


class BoardFilter(forms.Form):
    """What stands in the address: text, area, which occupations, in which order."""

    q = forms.CharField(
        label="职业名称或代码", required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    area = forms.ChoiceField(label="区域", required=False)
    show = forms.ChoiceField(
        label="职业",
        required=False,
        choices=[
            ("", "有备案、申请或急需的"),
            *((key, label) for key, (label, _) in board.SHOWN.items()),
            (board.EVERY, "全部可申报的"),
        ],
    )
    sort = forms.ChoiceField(
        label="排序", required=False, choices=[(key, label) for key, (label, _) in board.SORTS.items()]
    )

    def __init__(self, *args: Any, areas: list[str], own: str = "", **kwargs: Any) -> None:
        """areas: the quota areas; own: the county's own, shown where nothing else is chosen."""
        super().__init__(*args, **kwargs)
        every = [("all", "全市")] if own else [("", "全市")]
        own_first = [("", f"本区域（{own}）")] if own else []
        self.fields["area"].choices = [*own_first, *every, *((name, name) for name in areas if name != own)]  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    """调配: which agency, at which levels, where it evaluates, and why."""

    filing = forms.ModelChoiceField(Filing.objects.none(), label="机构", empty_label="请选择")
    levels = forms.MultipleChoiceField(label="等级", choices=LEVELS, widget=forms.CheckboxSelectMultiple)
    own_site = forms.ModelChoiceField(
        FilingSite.objects.none(), label="评价地点：机构的备案场地", required=False, empty_label=_NO_SITE
    )
    site = forms.CharField(
        label="评价地点：别处", max_length=200, required=False, help_text="在当地临时使用的场地，写明名称和地址。"
    )
    reason = text_field("调配的理由", rows=3, max_length=500, help_text="机构会看到，并写入通知书。")

    def __init__(self, *args: Any, occupation: Occupation, quota_area: str, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = assignments.candidates(occupation.pk, quota_area, on)
        sites = FilingSite.objects.filter(standing(on), filing__in=found, scope__occupation=occupation)
        self.fields["filing"].queryset = found  # type: ignore[attr-defined]
        self.fields["own_site"].queryset = sites.select_related("filing", "area").distinct()  # type: ignore[attr-defined]
        self.fields["own_site"].label_from_instance = lambda site: (  # type: ignore[attr-defined]
            f"{site.filing.name} · {site.name}（{site.area.name}）"
        )
        self.fields["filing"].label_from_instance = lambda filing: f"{filing.name}（{filing.area.name}）"  # type: ignore[attr-defined]

    def clean_levels(self) -> list[int]:
        """As numbers."""
        return [int(level) for level in self.cleaned_data["levels"]]


class AnswerForm(forms.Form):
    """The agency's word to its answer."""

    answer = text_field("说明", rows=2, required=False, max_length=500)


class ReasonForm(forms.Form):
    """Why an offer is taken back, or an assignment ends."""

    reason = text_field("理由", rows=2, max_length=500, help_text="机构会看到。")
