"""What every transition's form has: the matter, the workflow function's payload, and reasons put at their fields."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from core.accounts.actors import Actor
from core.documents.templatetags.papers import typeset
from core.refusals import Reason
from filings.models import Application

PROPOSAL_REASON = "proposal_reason"


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    """A date with the browser's own picker."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def text_field(label: str, rows: int = 4, **kwargs: Any) -> forms.CharField:
    """Words of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class TransitionForm(forms.Form):
    """What a transition asks for beside its conditions; this one asks for nothing.

    `payload()` is what the workflow function (or the proposal) takes. It also answers for a form that was not sent, or
    not filled in whole: then it is what a preview is drawn from.
    """

    template = ""  # a part of its own for the fields, below templates/
    lead = ""  # a sentence over the fields: what happens when this is sent
    # What has to be written before the paper can be looked at: without it, it would say nothing.
    written_first: tuple[str, ...] = ()
    unwritten = "先写理由，再看文书。"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        application: Application,
        actor: Actor,
        on: datetime.date,
        **kwargs: Any,
    ) -> None:
        self.application, self.actor, self.on = application, actor, on
        super().__init__(data, files, **kwargs)

    def value(self, name: str, default: Any = None) -> Any:
        """What the field holds: cleaned if it was sent and is sound, else its initial value."""
        if self.is_bound:
            self.errors  # noqa: B018 - cleans
            return self.cleaned_data.get(name, default)
        found = self.get_initial_for_field(self.fields[name], name)
        return default if found is None else found

    def payload(self) -> dict[str, Any]:
        """Return what the transition takes besides actor and day."""
        return {name: self.value(name) for name in self.fields if name != PROPOSAL_REASON}

    def written(self) -> bool:
        """Whether enough is written for the paper to be looked at."""
        return all(self.value(name) for name in self.written_first)

    def place(self, reasons: Iterable[Reason]) -> list[Reason]:
        """Put each reason at the field it names; return those that name none of this form."""
        left = []
        for reason in reasons:
            if reason.field in self.fields:
                self.add_error(reason.field, typeset(reason.text))
            else:
                left.append(reason)
        return left


class ProposalForm(TransitionForm):
    """A transition that takes two: a word to whoever decides goes with it."""

    proposal_reason = text_field("给负责人的说明", rows=2, required=False, help_text="只在本单位内部可见。")
    field_order: list[str] | None = None

    def order_fields(self, field_order: Any) -> None:
        """The word to the decider comes last."""
        super().order_fields([name for name in self.fields if name != PROPOSAL_REASON])


class WithdrawForm(TransitionForm):
    """撤回申请, by the agency."""

    lead = "撤回后，这件申请不再办理；以后可以重新申请。"
    reason = forms.CharField(label="撤回的原因", max_length=300, required=False)

    def payload(self) -> dict[str, Any]:
        return {"reason": self.value("reason") or ""}
