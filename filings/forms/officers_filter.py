"""The filter over the queue of applications."""

from typing import Any

from django import forms

from core.accounts.models import Organisation, OrganisationKind
from core.reference.models import Area, Occupation
from filings.enums import ApplicationKind, ApplicationState, Due, Lateness, Turn

SCOPES = (("open", "办理中，最急在前"), ("all", "全部，最新在前"))
_SHOWN = [choice for choice in ApplicationState.choices if choice[0] != ApplicationState.DRAFT]


class QueueFilter(forms.Form):
    """What stands in the address: text, state, occupation; view, kind, whose turn, what is due soon, late, or came
    over the counter; and for those who see several, the area (of the seat or a site) and the office."""

    field_order = ("q", "state", "occupation")

    view = forms.ChoiceField(label="范围", choices=SCOPES, required=False)
    q = forms.CharField(
        label="机构、申请号或信用代码",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *_SHOWN])
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *ApplicationKind.choices])
    occupation = forms.ModelChoiceField(
        Occupation.objects.all(), label="职业（工种）", required=False, empty_label="全部"
    )
    turn = forms.ChoiceField(label="等谁办理", required=False, choices=[("", "全部"), *Turn.choices])
    due = forms.ChoiceField(label="期限", required=False, choices=[("", "全部"), *Due.choices])
    late = forms.ChoiceField(label="逾期", required=False, choices=[("", "全部"), *Lateness.choices])
    area = forms.ModelChoiceField(Area.objects.all(), label="注册地或场地所在区域", required=False, empty_label="全部")
    urgent = forms.ChoiceField(label="急需紧缺", required=False, choices=[("", "全部"), ("yes", "只看急需紧缺")])
    counter = forms.ChoiceField(label="窗口代录", required=False, choices=[("", "全部"), ("yes", "只看窗口代录")])
    receiving = forms.ModelChoiceField(
        Organisation.objects.none(), label="受理单位", required=False, empty_label="全部"
    )

    def __init__(self, *args: Any, several_offices: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if several_offices:
            offices = Organisation.objects.filter(kind__in=(OrganisationKind.COUNTY, OrganisationKind.CENTRE))
            self.fields["receiving"].queryset = offices.order_by("area_id", "id")  # type: ignore[attr-defined]
        else:
            del self.fields["receiving"], self.fields["area"]
