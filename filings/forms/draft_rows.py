"""The lines of a draft: occupations, training records, sites, people."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.reference.models import Occupation
from filings import staff_table
from filings.enums import LEVELS
from filings.forms.drafts import DayInput, DraftForm, OccupationField, StrictForm
from filings.imports.cells import CellError
from filings.models import ScopeItem, Site, StaffMember, TrainingRecord


class OccupationForm(forms.Form):
    """Adds an occupation to the draft."""

    use_required_attribute = False
    occupation = OccupationField(
        label="职业（工种）",
        help_text="输入名称或代码，从列表中选择。",
        widget=forms.TextInput(attrs={"list": "occupations", "autocomplete": "off"}),
    )


class ScopeForm(DraftForm):
    """An occupation's levels and question bank."""

    levels = forms.TypedMultipleChoiceField(
        label="申请等级",
        choices=[(str(n), label) for n, label in LEVELS],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ScopeItem
        fields = ["levels", "question_bank"]
        help_texts = {"question_bank": "例如：国家题库、省级题库、自主开发（经备案）。"}

    needed = ("levels", "question_bank")

    def __init__(self, *args: Any, sites: Any = None, **kwargs: Any) -> None:
        """sites: those to choose from, where the sites themselves are not at hand to name the occupation."""
        super().__init__(*args, **kwargs)
        if sites is not None:
            self.fields["sites"] = forms.ModelMultipleChoiceField(
                sites, label="考评场地", required=False, widget=forms.CheckboxSelectMultiple
            )
            self.initial["sites"] = [site.pk for site in self.instance.sites.all()]


class RecordForm(StrictForm):
    """A line of the training record: person-times of one occupation from one day to another."""

    class Meta:
        model = TrainingRecord
        fields = ["since", "until", "person_times"]
        widgets = {"since": DayInput, "until": DayInput, "person_times": forms.NumberInput(attrs={"min": 0})}

    needed = ("since", "until", "person_times")

    def clean(self) -> dict[str, Any]:
        """In order."""
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "结束日期不能早于开始日期。")
        return data


class SiteForm(StrictForm):
    """An examination site, and the occupations evaluated there."""

    scope = forms.ModelMultipleChoiceField(
        ScopeItem.objects.none(), label="在这里评价的职业（工种）", widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Site
        fields = Site.OWN_FIELDS
        widgets = {
            "equipment": forms.Textarea(attrs={"rows": 2}),
            "square_metres": forms.NumberInput(attrs={"min": 1}),
            "places": forms.NumberInput(attrs={"min": 1}),
        }
        labels = {
            "square_metres": "面积（平方米）",
            "places": "工位数（同时容纳的考生）",
            "surveillance": "有视频监控",
            "other_area_reason": "场地不在注册地县（市、区）的理由",
        }
        help_texts = {
            "places": "同时可以容纳的考生数。",
            "other_area_reason": "场地与注册地在同一县（市、区）的不用填。",
        }

    needed = ("name", "area", "address", "square_metres", "places")

    def __init__(self, *args: Any, scope: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scope"]
        field.queryset = scope
        field.label_from_instance = lambda item: item.occupation.name
        if self.instance.pk:
            self.initial["scope"] = [item.pk for item in self.instance.scope.all()]


class StaffForm(StrictForm):
    """A person of the agency's unit (M7(3))."""

    occupations = forms.ModelMultipleChoiceField(
        Occupation.objects.none(),
        label="适用职业（工种）",
        widget=forms.CheckboxSelectMultiple,
    )
    name = forms.CharField(label="姓名", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    class Meta:
        model = StaffMember
        fields = ["kind", "name", "certificate", "occupations"]

    needed = ("kind", "name")

    def __init__(self, *args: Any, occupations: Iterable[Occupation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["occupations"]
        field.queryset = Occupation.objects.filter(pk__in=[one.pk for one in occupations])
        field.label_from_instance = lambda occupation: occupation.name

    def clean_certificate(self) -> str:
        """No identity number."""
        try:
            return staff_table.certificate(self.cleaned_data["certificate"])
        except CellError as wrong:
            raise ValidationError(str(wrong)) from None
