"""What the pages of a deregistration ask for."""

from typing import Any

from django import forms

from core.clock.words import in_words
from filings.forms.base import PROPOSAL_REASON, day_field, text_field
from filings.models import Deregistration


class AskForm(forms.Form):
    """申请注销备案, by the agency."""

    reason = text_field(
        "申请注销的原因", rows=3, max_length=500, help_text="说明为什么不再开展评价；只有本机构和人社部门看得到。"
    )


class CeasedForm(forms.Form):
    """登记法人终止, by the centre's handler."""

    ceased_on = day_field(
        "法人终止的日期", help_text="以登记机关注销登记、撤销登记的日期，或判决、裁定生效的日期为准。"
    )
    reason = text_field(
        "查明的情况", rows=3, max_length=500, help_text="写入决定书，决定书公开可查：写明登记机关、文号，不写个人姓名。"
    )
    proof = forms.FileField(
        label="法人终止的证明", help_text="登记机关的注销登记通知、判决书等（PDF、JPG、PNG），机构看得到。"
    )


class DeregisterForm(forms.Form):
    """提议注销备案: on which of the grounds that wait."""

    deregistration = forms.TypedChoiceField(label="注销的事由", coerce=int, widget=forms.RadioSelect)
    proposal_reason = text_field("给负责人的说明", rows=2, required=False, help_text="只在本单位内部可见。")

    def __init__(self, *args: Any, grounds: list[Deregistration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["deregistration"]
        field.choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.get_ground_display()}（{in_words(one.asked_on)}）：{one.reason}") for one in grounds
        ]
        if len(grounds) == 1:
            field.initial = grounds[0].pk

    def payload(self) -> dict[str, Any]:
        """Return what the transition takes besides actor and day; what a preview is drawn from too."""
        if self.is_bound:
            self.errors  # noqa: B018 - cleans
            return {"deregistration": self.cleaned_data.get("deregistration")}
        return {"deregistration": self.fields["deregistration"].initial}

    @property
    def word(self) -> str:
        """What goes to the decider with it."""
        return str(self.cleaned_data.get(PROPOSAL_REASON) or "")
