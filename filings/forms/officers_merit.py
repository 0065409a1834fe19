"""What the decision's forms ask where better ones compete for a place (M11): why each is passed over."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from filings import grants, merit, quota
from filings.forms.base import ProposalForm


class ReasonField(forms.CharField):
    """A reason that is asked for where the place is given: conditions.approve says whether it is missing."""

    def validate(self, value: Any) -> None:
        """Nothing by itself: what is left out takes no place."""


@dataclass
class ChoiceRow:
    """A place with who competes for it. reason: where better ones would lose it; seen: who they are on this page."""

    choice: merit.Choice
    reason: BoundField | None
    seen_name: str

    @property
    def seen(self) -> str:
        """All the others, by id."""
        return ",".join(str(one.application.pk) for one in self.choice.rivals)


class SelectionForm(ProposalForm):
    """A decision that gives places: a reason for each that better ones would lose by it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = quota.as_applied_for(self.application, self.on)
        granted = list(self.application.scope.values_list("occupation_id", flat=True))
        self.compared = merit.choices(self.application, places, granted, self.on)
        for one in self.compared:
            if one.could_pass:
                self.fields[merit.field(one.places.key)] = ReasonField(
                    label="越过排在前面的申请的理由",
                    max_length=1000,
                    help_text="同意占用这一名额的，应当写明。给负责人看，随决定留存；不写入给机构的文书。",
                    widget=forms.Textarea(attrs={"rows": 3}),
                )

    @property
    def selection(self) -> list[ChoiceRow]:
        """The places for which others compete."""
        return [
            ChoiceRow(one, self[name] if (name := merit.field(one.places.key)) in self.fields else None, _seen(one))
            for one in self.compared
            if one.rivals and (one.contested or one.could_pass)
        ]

    def passed_over(self, granted: Collection[str], left_out: grants.Parts) -> dict[str, dict[str, Any]]:
        """Return why better ones are passed over with this grant, and which of them this page showed."""
        if not granted or not any(one.could_pass for one in self.compared):
            return {}
        taken = merit.taken_by(self.application, granted, left_out, self.on)
        return {
            one.places.key: {
                "reason": str(self.value(merit.field(one.places.key)) or "").strip(),
                "rivals": sorted(self._shown(one) & {passed.application.pk for passed in one.passed}),
            }
            for one in merit.choices(self.application, taken, granted, self.on)
            if one.passed
        }

    def _shown(self, choice: merit.Choice) -> set[int]:
        """Who stood on the page that was sent: whoever has come since was not weighed."""
        if not self.is_bound:
            return {one.application.pk for one in choice.rivals}
        sent: Iterable[str] = str(self.data.get(_seen(choice)) or "").split(",")
        return {int(one) for one in sent if one.isdecimal()}


def _seen(choice: merit.Choice) -> str:
    return f"seen-{choice.places.key}"
