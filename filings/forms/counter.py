"""Forms of the counter (窗口): which agency, one without an account, and the day of what is handed in."""

import datetime
from typing import Any

from django import forms

from core.accounts.forms import AgencyForm
from filings import counter
from filings.forms.base import TransitionForm, day_field


class FindForm(forms.Form):
    """Which agency: its code or part of its name."""

    q = forms.CharField(
        label="信用代码或机构名称",
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class DayForm(forms.Form):
    """The day on which a paper was handed over."""

    counter_on = day_field("窗口递交日期", help_text="机构在窗口交来这份材料的日期，不是录入日期；从这一天起算。")

    def __init__(self, *args: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counter_on"].widget.attrs["max"] = on.isoformat()


class StartForm(DayForm):
    """The day of what is about to be entered; it can be corrected when it is handed in."""

    def __init__(self, *args: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, on=on, **kwargs)
        self.fields["counter_on"].initial = on
        self.fields["counter_on"].help_text = ""


class NewAgencyForm(AgencyForm):
    """An agency without an account, by the two papers that it shows."""

    licence = forms.FileField(label="登记证照", help_text="原件的扫描件或照片（PDF、JPG、PNG）。")
    authorisation = forms.FileField(
        label="授权委托书",
        help_text="加盖公章、写明来人姓名和权限；法定代表人本人来的，用其身份证明（PDF、JPG、PNG）。",
    )


class HandInForm(TransitionForm):
    """提交 of what came over the counter: the day it came, and why it was entered only after its period."""

    lead = "收到日期按窗口递交日期计算，审核期限从那一天起算。"
    counter_on = day_field("窗口递交日期", help_text="机构在窗口交来书面申请的日期，不是录入日期。")
    late_reason = forms.CharField(
        label="没有及时录入的原因",
        max_length=300,
        required=False,
        help_text="只在审核期限已经届满后才录入时填写；依法视为受理，并告知负责人。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = self.fields["counter_on"]
        day.widget.attrs["max"] = self.on.isoformat()
        day.initial = self.application.counter_on

    @property
    def is_late(self) -> bool:
        """Whether by the day it says now its period is over."""
        day = self.value("counter_on")
        return bool(day and counter.deemed_from(day, self.on))

    def payload(self) -> dict[str, Any]:
        """The day and, where there is one, the reason."""
        return {"counter_on": self.value("counter_on"), "late_reason": self.value("late_reason") or ""}
