"""The forms of a draft. Nothing in them blocks a draft: what is empty stays empty, what is wrong is said, not stored.

A field is marked as needed where the submission (filings.conditions.submit) or a condition of M7 asks for it; neither
stops a draft.
"""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.reference.models import Occupation
from filings import past_days

_CODE = re.compile(r"\d-\d{2}-\d{2}-\d{2}")


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OccupationField(forms.CharField):
    """An occupation, chosen from a list while typing: its code, its name, or "焊工(6-18-02-04)"."""

    def clean(self, value: Any) -> Occupation | None:
        """Return the occupation that is meant; ValidationError where none is, or it cannot be applied for."""
        text = super().clean(value)
        if not text:
            return None
        code = _CODE.search(text)
        found = Occupation.objects.filter(pk=code.group()) if code else Occupation.objects.filter(name=text.strip())
        occupation = found.filter(active=True).first()
        if occupation is None:
            raise ValidationError("没有找到这个职业（工种），请输入名称或代码后从列表中选择。")
        return occupation


class DraftForm(forms.ModelForm):
    """A part of a draft. `stored()` is what may be written; `needed` marks what will be asked for."""

    use_required_attribute = False
    needed: tuple[str, ...] = ()
    # Never written to the row: a tick that goes with another field.
    ticks: tuple[str, ...] = ()

    def __init__(self, *args: Any, on: datetime.date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name in self.needed
            if isinstance(field, forms.DateField) and name in past_days.FIELDS:
                field.widget.attrs["max"] = on.isoformat()
            if isinstance(field, forms.ModelChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField):
                field.empty_label = "请选择"
            elif isinstance(field, forms.TypedChoiceField):
                field.choices = [("", "请选择"), *(choice for choice in field.choices if choice[0])]

    def _clean_fields(self) -> None:
        wanted = {name: field.required for name, field in self.fields.items()}
        for field in self.fields.values():
            field.required = False
        super()._clean_fields()
        for name, field in self.fields.items():
            field.required = wanted[name]

    def clean(self) -> dict[str, Any]:
        """Days that can only lie behind us do."""
        data = super().clean() or {}
        for reason in past_days.against(data, self.on):
            self.add_error(reason.field, reason.text)
        return data

    def _post_clean(self) -> None:
        """The row itself is checked under its lock by the workflow; here it must not be touched."""

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of the row that this form edits."""
        return tuple(name for name in self.fields if name not in self.ticks)

    def stored(self) -> dict[str, Any]:
        """What was filled in rightly, to be written; the rest stays on the page with its error."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.names}


class StrictForm(DraftForm):
    """A part whose row cannot exist without its `needed` fields: those stay as they were until filled in."""

    def stored(self) -> dict[str, Any]:
        """As for any draft, minus needed fields left empty."""
        return {k: v for k, v in super().stored().items() if not (k in self.needed and v in (None, ""))}

    def clean(self) -> dict[str, Any]:
        """Say which needed field is empty."""
        data = super().clean()
        for name in self.needed:
            if name not in self.errors and data.get(name) in (None, ""):
                self.add_error(name, self.fields[name].error_messages["required"])
        return data
