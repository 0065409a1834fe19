"""The decision's form (M11, M12, M37): each occupation granted, whole or in part, left out or relaxed with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from core.documents.templatetags.papers import typeset
from core.refusals import Reason
from filings import grants, m7, quota
from filings.enums import LEVELS
from filings.forms.officers import LEFT_OUT_BASES
from filings.forms.officers_merit import SelectionForm
from filings.models import ScopeItem


@dataclass
class PartRow:
    """One level or site that can be left out: the tick, its reason and its basis."""

    words: str
    leave: BoundField
    reason: BoundField
    basis: BoundField

    @property
    def open(self) -> bool:
        """Whether it is left out, or came back with something wrong."""
        return bool(self.leave.value() or self.reason.errors or self.basis.errors)


@dataclass
class OccupationRow:
    """One occupation on the form: what was applied for, its checks of M7, its places, and the fields."""

    item: ScopeItem
    checks: list[m7.Check]
    places: list[tuple[str, quota.Places]]  # quota area and its places
    grant: BoundField
    left_out: BoundField
    basis: BoundField
    relaxed: BoundField | None
    parts: list[PartRow]

    @property
    def failing(self) -> list[m7.Check]:
        """The conditions that do not hold."""
        return [check for check in self.checks if not check.holds]

    @property
    def in_part(self) -> bool:
        """Whether single levels or sites are left out."""
        return any(part.open for part in self.parts)


def _reason(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=300, help_text=hint, widget=forms.Textarea(attrs={"rows": 2})
    )


class ApproveForm(SelectionForm):
    """提议同意备案, whole or in part. Fields are called as filings.grants and conditions.approve call them."""

    lead = "逐项确定同意的职业（工种），可以只同意其中的部分等级和场地。负责人决定后签发回执，编定备案编码并公示。"
    template = "filings/parts/decision_rows.html"
    unwritten = "先选同意的职业（工种），再看文书。"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = m7.checks(self.application, self.on)
        self.city = quota.city(self.on)
        self.items = list(self.application.scope.select_related("occupation").prefetch_related("sites__area"))
        for item in self.items:
            code = item.occupation_id
            mine = [check for check in self.checks if check.occupation == code]
            unmet = [check for check in mine if check.result == m7.Result.UNMET]
            self.fields[f"grant-{code}"] = forms.ChoiceField(
                label=item.occupation.name,
                choices=[("yes", "同意"), ("no", "不同意")],
                initial="no" if unmet else "",
                widget=forms.RadioSelect,
            )
            self._add_reason(code, basis=unmet[0].condition.citation.code if unmet else "")
            for label, part in self._parts(item):
                self.fields[f"leave-{grants.key(part)}"] = forms.BooleanField(
                    label=f"不同意{label}",
                    required=False,
                    widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
                )
                self._add_reason(grants.key(part))
            if any(check.result == m7.Result.RELAXABLE for check in mine):
                self.fields[f"relaxed-{code}"] = _reason(
                    "放宽人次要求的理由", "急需紧缺职业（工种）可以适当放宽，须说明理由。"
                )
        self.order_fields(None)

    def _add_reason(self, key: str, *, basis: str = "") -> None:
        self.fields[f"left-out-{key}"] = _reason("不同意的理由", "写入决定书。")
        self.fields[f"basis-{key}"] = forms.ChoiceField(
            label="依据", choices=LEFT_OUT_BASES, required=False, initial=basis
        )

    def _parts(self, item: ScopeItem) -> list[tuple[str, dict[str, Any]]]:
        """(words, part) of the levels and sites of which some may be left out: a last one may not."""
        sites = list(item.sites.all())
        levels = [(dict(LEVELS)[one], {"level": one}) for one in item.levels] if len(item.levels) > 1 else []
        places = [(f"场地“{site.name}”", {"site": site.pk}) for site in sites] if len(sites) > 1 else []
        return [(label, {"occupation": item.occupation_id, **part}) for label, part in (*levels, *places)]

    @property
    def rows(self) -> list[OccupationRow]:
        """The occupations applied for, with their fields."""
        return [self._row(item) for item in self.items]

    def _row(self, item: ScopeItem) -> OccupationRow:
        code = item.occupation_id
        parts = [(label, grants.key(part)) for label, part in self._parts(item)]
        return OccupationRow(
            item=item,
            checks=[check for check in self.checks if check.occupation == code],
            places=[
                (area, quota.places(code, area, self.on))
                for area in sorted(quota.areas_of(self.application, item.sites.all()))
            ],
            grant=self[f"grant-{code}"],
            left_out=self[f"left-out-{code}"],
            basis=self[f"basis-{code}"],
            relaxed=self[name] if (name := f"relaxed-{code}") in self.fields else None,
            parts=[
                PartRow(label, self[f"leave-{key}"], self[f"left-out-{key}"], self[f"basis-{key}"])
                for label, key in parts
            ],
        )

    @property
    def general_checks(self) -> list[m7.Check]:
        """The conditions that do not hold for the agency as a whole."""
        return [check for check in self.checks if not check.occupation and not check.holds]

    def written(self) -> bool:
        """Something is granted: a receipt for nothing says nothing."""
        return any(self.value(f"grant-{item.occupation_id}") == "yes" for item in self.items)

    def payload(self) -> dict[str, Any]:
        """Return the occupations granted and the parts left out as filings.grants has them."""
        granted = [item.occupation_id for item in self.items if self.value(f"grant-{item.occupation_id}") == "yes"]
        left_out: list[dict[str, Any]] = []
        for item in self.items:
            whole = {"occupation": item.occupation_id}
            if item.occupation_id not in granted:
                left_out.append(self._left_out(whole))
            else:
                parts = (part for _, part in self._parts(item) if self.value(f"leave-{grants.key(part)}"))
                left_out.extend(map(self._left_out, parts))
        relaxed = {code: str(self.value(f"relaxed-{code}") or "").strip() for code in granted
                   if f"relaxed-{code}" in self.fields}  # fmt: skip
        return {
            "granted": granted,
            "left_out": left_out,
            "relaxed": {k: text for k, text in relaxed.items() if text},
            "passed_over": self.passed_over(granted, left_out),
        }

    def _left_out(self, part: dict[str, Any]) -> dict[str, Any]:
        key = grants.key(part)
        said = {
            "reason": str(self.value(f"left-out-{key}") or "").strip(),
            "basis": self.value(f"basis-{key}") or "",
        }
        return {"level": None, "site": None, **part, **said}

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
