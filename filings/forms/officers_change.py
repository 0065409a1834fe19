"""The decision's form for a change (M13): each item granted, or left out with reason and basis."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from filings import asked, quota
from filings.forms.officers import LEFT_OUT_BASES
from filings.forms.officers_merit import SelectionForm


@dataclass
class ItemRow:
    """One item on the form: what is asked for, and the fields."""

    line: asked.Line
    grant: BoundField
    left_out: BoundField
    basis: BoundField


class ApproveChangeForm(SelectionForm):
    """提议同意变更, whole or in part."""

    lead = "逐项确定同意变更的事项。负责人决定后按决定当日的备案内容逐项更改，签发新回执；有效期不变。"
    template = "filings/parts/change_rows.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = asked.lines(self.application, self.on)
        for line in self.lines:
            self.fields[f"grant-{line.key}"] = forms.ChoiceField(
                label=line.label, choices=[("yes", "同意"), ("no", "不同意")], widget=forms.RadioSelect
            )
            self.fields[f"left-out-{line.key}"] = forms.CharField(
                label="不同意的理由",
                required=False,
                max_length=300,
                help_text="写入决定书。",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"basis-{line.key}"] = forms.ChoiceField(label="依据", choices=LEFT_OUT_BASES, required=False)
        self.order_fields(None)

    @property
    def rows(self) -> list[ItemRow]:
        """The items asked for, with their fields."""
        return [
            ItemRow(line, self[f"grant-{line.key}"], self[f"left-out-{line.key}"], self[f"basis-{line.key}"])
            for line in self.lines
        ]

    @property
    def places(self) -> list[quota.Places]:
        """The places that the change would newly take (M37)."""
        return quota.as_applied_for(self.application, self.on)

    def payload(self) -> dict[str, Any]:
        """Return the items granted and left out, as conditions.approve calls them."""
        granted = [line.key for line in self.lines if self.value(f"grant-{line.key}") == "yes"]
        left_out = [
            {
                "item": line.key,
                "reason": str(self.value(f"left-out-{line.key}") or "").strip(),
                "basis": self.value(f"basis-{line.key}") or "",
            }
            for line in self.lines
            if line.key not in granted
        ]
        passed_over = self.passed_over(granted, left_out)
        return {"granted": granted, "left_out": left_out, "relaxed": {}, "passed_over": passed_over}
