"""What is set down beforehand: quota and urgent list, criteria, serials and dated figures."""

from typing import Any

from django import forms

from core.reference.models import Occupation
from filings.forms.base import day_field, text_field
from filings.workflow import places
from regulation.settings import GROUPS


class QuotaForm(forms.Form):
    """年度名额: proposed by a handler, set by the chief."""

    year = forms.IntegerField(label="年度", min_value=2004, max_value=2100)
    places = forms.IntegerField(label="全市预设数量（家）", min_value=1, max_value=places.MOST_PLACES)
    source = forms.CharField(label="依据", max_length=200, help_text="会议纪要、文件名称和文号等。")
    reason = text_field("给负责人的说明", rows=2, required=False)


class UrgentForm(forms.Form):
    """急需紧缺目录: one occupation."""

    occupation = forms.ModelChoiceField(
        Occupation.objects.filter(active=True), label="职业（工种）", empty_label="请选择"
    )
    since = day_field("自何日起")
    source = forms.CharField(label="公布文件", max_length=200)


class SerialsForm(forms.Form):
    """备案编码号段, as the province granted it."""

    first = forms.IntegerField(label="起始号", min_value=1, max_value=places.LARGEST_SERIAL)
    last = forms.IntegerField(label="截止号", min_value=1, max_value=places.LARGEST_SERIAL)
    granted_on = day_field("批准日期")
    source = forms.CharField(label="批准文件", max_length=200)


class CriterionForm(forms.Form):
    """评估标准, published beforehand."""

    key = forms.SlugField(label="代号", max_length=40, help_text="英文小写，如 venue；同一代号再次公布即为新的一版。")
    label = forms.CharField(label="标准", max_length=120)
    full_marks = forms.IntegerField(label="满分", min_value=1, max_value=places.MOST_MARKS)
    since = day_field("自何日起", help_text="标准应事先公布：不能早于今天；今天已有申请开始评估的，选今天之后。")


class SettingForm(forms.Form):
    """A figure that the authority may choose, from a day on."""

    key = forms.ChoiceField(label="设置")
    value = forms.IntegerField(label="值")
    effective_from = day_field("自何日起")
    note = forms.CharField(label="依据或说明", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [  # type: ignore[attr-defined]
            (group.title, [(one.key, f"{one.label}（{one.range}）") for one in group.settings if not one.decided])
            for group in GROUPS
        ]
