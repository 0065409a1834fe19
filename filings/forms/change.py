"""What the agency is asked during a change (M13): whether it still wants what the filing says otherwise by now."""

from typing import Any

from django import forms

from filings import asked
from filings.forms.base import TransitionForm


class ConfirmForm(TransitionForm):
    """确认变更事项: the items that moved meanwhile."""

    lead = "申请之后，备案内容另有变动。仍然要求变更的，请勾选；不勾选的，决定时不作变更。"
    items = forms.MultipleChoiceField(label="仍然要求变更的事项", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [line for line in asked.lines(self.application, self.on) if line.moved]
        self.fields["items"].choices = [(line.key, f"{line.label}：{line.after}") for line in lines]
