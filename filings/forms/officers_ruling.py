"""提议依裁决恢复办理: the ruling as it stands on paper."""

from typing import Any

from django import forms

from core.clock.words import in_words
from filings import undoing
from filings.enums import ApplicationState, RulingAuthority
from filings.forms.base import ProposalForm, day_field, text_field

_STATES = dict(ApplicationState.choices)


class _RulingForm(ProposalForm):
    """What a ruling says; the rest follows from what it undoes."""

    written_first = ("orders",)
    authority = forms.ChoiceField(label="作出裁决的机关", choices=RulingAuthority.choices, widget=forms.RadioSelect)
    number = forms.CharField(label="裁决文书号", max_length=80, help_text="照文书抄写，如（2026）豫05行终1号。")
    ruled_on = day_field("裁决日期")
    orders = text_field("裁决内容", rows=4, help_text="照主文抄写，写入通知书。")

    def payload(self) -> dict[str, Any]:
        """Return the ruling as the workflow takes it, plain enough to be kept in a proposal."""
        day = self.value("ruled_on")
        return {
            "authority": self.value("authority") or "",
            "number": str(self.value("number") or "").strip(),
            "ruled_on": day.isoformat() if day else "",
            "orders": str(self.value("orders") or "").strip(),
        }


class ReinstateForm(_RulingForm):
    """A later ruling that lets a grant stand again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.application.settings_aside.revoking().latest("id")
        self.lead = (
            f"负责人决定后，{in_words(row.on)}依{row.number}裁决作出的撤销备案随之撤销，原同意备案的决定恢复效力，"
            "并向申请机构发出恢复备案通知书。" + "".join(undoing.reinstated(row.filing, self.on))
        )


class SetAsideForm(_RulingForm):
    """A ruling that sets the decision aside."""

    certificates_stand = forms.TypedChoiceField(
        label="此前依据这项备案取得的证书",
        choices=[("yes", "仍然有效（裁决没有另外规定）"), ("no", "裁决另有规定")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not undoing.revokes(self.application):
            del self.fields["certificates_stand"]
        state = _STATES.get(undoing.state_before(self.application), "")
        self.lead = (
            f"负责人决定后，“{undoing.decision(self.application)}”的决定撤销，申请恢复为“{state}”，期限自当日起重新计算，"
            "并向申请机构发出恢复办理通知书。"
        )
        if self.application.state == ApplicationState.APPROVED:
            self.lead += " ".join(undoing.effects(self.application, self.on))

    def payload(self) -> dict[str, Any]:
        """Return it with what becomes of the certificates, where a filing is revoked."""
        found = super().payload()
        if "certificates_stand" in self.fields:
            found["certificates_stand"] = self.value("certificates_stand") in (True, "yes")
        return found
