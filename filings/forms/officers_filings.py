"""The filter over the list of filings."""

from django import forms

from core.reference.models import Area, Occupation
from filings.filed import LENSES, STATUS_CHOICES


class FilingFilter(forms.Form):
    """What stands in the address: the way of looking, text, area (of the seat or a site), occupation, status."""

    field_order = ("q", "lens", "occupation")

    lens = forms.ChoiceField(
        label="范围", required=False, choices=[(name, lens.label) for name, lens in LENSES.items()]
    )
    q = forms.CharField(
        label="机构、备案编码或信用代码",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    area = forms.ModelChoiceField(Area.objects.all(), label="注册地或场地所在区域", required=False, empty_label="全部")
    occupation = forms.ModelChoiceField(
        Occupation.objects.all(), label="职业（工种）", required=False, empty_label="全部"
    )
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STATUS_CHOICES])
