"""The decision's form (M11, M12, M37): each occupation granted or left out with its reason, or relaxed with one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from core.documents.templatetags.papers import typeset
from core.refusals import Reason
from filings import m7, quota
from filings.forms.base import ProposalForm
from filings.models import ScopeItem


@dataclass
class OccupationRow:
    """One occupation on the form: what was applied for, its checks of M7, its places, and the fields."""

    item: ScopeItem
    checks: list[m7.Check]
    places: list[tuple[str, quota.Places]]  # quota area and its places
    grant: BoundField
    left_out: BoundField
    relaxed: BoundField | None

    @property
    def failing(self) -> list[m7.Check]:
        """The conditions that do not hold."""
        return [check for check in self.checks if not check.holds]


def _reason(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=300, help_text=hint, widget=forms.Textarea(attrs={"rows": 2})
    )


class ApproveForm(ProposalForm):
    """提议同意备案, whole or in part. Reason fields are called as conditions.approve calls them."""

    lead = "逐项确定同意的职业（工种）。负责人决定后签发回执，编定备案编码并公示。"
    template = "filings/parts/decision_rows.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = m7.checks(self.application, self.on)
        self.city = quota.city(self.on)
        self.items = list(self.application.scope.select_related("occupation").prefetch_related("sites"))
        for item in self.items:
            code = item.occupation_id
            mine = [check for check in self.checks if check.occupation == code]
            hopeless = any(check.result == m7.Result.UNMET for check in mine)
            self.fields[f"grant-{code}"] = forms.ChoiceField(
                label=item.occupation.name,
                choices=[("yes", "同意"), ("no", "不同意")],
                initial="no" if hopeless else "yes",
                widget=forms.RadioSelect,
            )
            self.fields[f"left-out-{code}"] = _reason("不同意的理由", "选择不同意时填写，写入决定书。")
            if any(check.result == m7.Result.RELAXABLE for check in mine):
                self.fields[f"relaxed-{code}"] = _reason(
                    "放宽人次要求的理由", "急需紧缺职业（工种）可以适当放宽，须说明理由。"
                )
        self.order_fields(None)

    @property
    def rows(self) -> list[OccupationRow]:
        """The occupations applied for, with their fields."""
        return [
            OccupationRow(
                item=item,
                checks=[check for check in self.checks if check.occupation == item.occupation_id],
                places=[
                    (area, quota.places(item.occupation_id, area, self.on))
                    for area in sorted(quota.areas_of(self.application, item.occupation_id))
                ],
                grant=self[f"grant-{item.occupation_id}"],
                left_out=self[f"left-out-{item.occupation_id}"],
                relaxed=self[name] if (name := f"relaxed-{item.occupation_id}") in self.fields else None,
            )
            for item in self.items
        ]

    @property
    def general_checks(self) -> list[m7.Check]:
        """The conditions that do not hold for the agency as a whole."""
        return [check for check in self.checks if not check.occupation and not check.holds]

    def payload(self) -> dict[str, Any]:
        codes = [item.occupation_id for item in self.items]
        granted = [code for code in codes if self.value(f"grant-{code}") == "yes"]

        def said(kind: str, among: Iterable[str]) -> dict[str, str]:
            found = {
                code: str(self.value(f"{kind}-{code}") or "").strip()
                for code in among
                if f"{kind}-{code}" in self.fields
            }
            return {code: text for code, text in found.items() if text}

        return {
            "granted": granted,
            "left_out": said("left-out", [code for code in codes if code not in granted]),
            "relaxed": said("relaxed", granted),
        }

    def place(self, reasons: Iterable[Reason]) -> list[Reason]:
        """A reason about a place goes to the occupation that would take it; the rest stands over the form."""
        left = []
        for reason in super().place(reasons):
            code = reason.field.rpartition(":")[2]
            if reason.field.startswith("cap:") and f"grant-{code}" in self.fields:
                self.add_error(f"grant-{code}", typeset(reason.text))
            else:
                left.append(reason)
        return left
