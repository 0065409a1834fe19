"""The forms of a draft. Nothing in them blocks a draft: what is empty stays empty, what is wrong is said, not stored.

A field is marked as needed where the submission (filings.conditions.submit) or a condition of M7 asks for it; neither
stops a draft.
"""

import datetime
import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.reference.models import Occupation
from core.refusals import Reason
from filings import own_numbers, past_days, staff_table
from filings.enums import LEVELS, ApplicationKind
from filings.imports.cells import CellError
from filings.models import Application, ScopeItem, Site, StaffMember, TrainingRecord
from filings.parts import PARTS
from regulation.periods import PERIODS
from regulation.thresholds import M7_WINDOW_YEARS

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


class AgencyForm(DraftForm):
    """Step 1: the agency and the person in charge."""

    needed = (
        "name",
        "credit_code",
        "legal_form",
        "area",
        "address",
        "legal_representative",
        "legal_representative_id",
        "contact",
        "contact_phone",
        "unit_name",
        "funding",
    )
    ticks = ("credit_code_confirmed", "legal_representative_id_confirmed")

    contact_phone = forms.RegexField(
        r"^\+?[0-9][0-9 -]{5,19}$",
        label="联系电话",
        error_messages={"invalid": "请填写手机号或带区号的固定电话。"},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    legal_representative_id = forms.CharField(
        label="法定代表人身份证号",
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credit_code_confirmed = forms.BooleanField(label="我已逐位核对，代码与证照一致", required=False)
    legal_representative_id_confirmed = forms.BooleanField(label="我已逐位核对，号码与身份证一致", required=False)

    class Meta:
        model = Application
        # The two days stand on the pages where they belong.
        fields = PARTS["agency"].fields
        widgets = {
            "registered_on": DayInput,
            "changed_on": DayInput,
            "funding": forms.Textarea(attrs={"rows": 2}),
            "rules_note": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {
            "accepts_supervision": "我机构自愿接受人力资源社会保障部门的监督",
            "not_for_profit": "我机构坚持社会效益优先，不以评价为营利目的",
        }
        help_texts = {
            "name": "与营业执照或登记证书一致。",
            "credit_code": "与机构注册时核实的代码一致。",
            "person_in_charge": "主管等级认定工作的负责人；变更时须报市中心。",
            "changed_on": "登记机关核准变更的日期。",
            "unit_name": "机构内部负责等级认定的部门。",
            "funding": "认定工作的经费从哪里来，怎样保证稳定。",
            "rules_note": "已建立的考务、命题、档案、回避等制度；全文放在材料里。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind != ApplicationKind.CHANGE:
            del self.fields["changed_on"]

    def clean_credit_code(self) -> str:
        """Malformed: refused. A wrong check digit in a changed code: only with the tick. Another agency's: refused."""
        return self._own_number("credit_code", own_numbers.credit_code)

    def clean_legal_representative_id(self) -> str:
        """Malformed: refused. A doubtful number that is new here: only with the tick."""
        return self._own_number("legal_representative_id", own_numbers.identity_number)

    def _own_number(self, name: str, check: Callable[..., tuple[str, Reason | None]]) -> str:
        number, reason = check(self.instance, self.cleaned_data[name], confirmed=f"{name}_confirmed" in self.data)
        if reason:
            raise ValidationError(reason.text, code=reason.code)
        return number

    @property
    def asks_credit_code(self) -> bool:
        """Whether the tick beside the code is to be shown: its check digit is doubtful."""
        return self._doubtful("credit_code", "credit_code_check_digit")

    @property
    def asks_identity(self) -> bool:
        """Whether the tick beside the identity number is to be shown."""
        return self._doubtful("legal_representative_id", "identity_number_doubtful")

    def _doubtful(self, name: str, code: str) -> bool:
        return self.is_bound and code in {error.code for error in self.errors.as_data().get(name, [])}


class SinceForm(DraftForm):
    """Step 2, over the occupations: since when the agency has trained and evaluated."""

    class Meta:
        model = Application
        fields = ["training_since"]
        widgets = {"training_since": DayInput}
        labels = {"training_since": "连续开展培训评价，自何日起"}
        help_texts = {"training_since": f"到首次提交时应连续满{M7_WINDOW_YEARS}年。"}

    needed = ("training_since",)


class PledgeForm(DraftForm):
    """Step 6: the day the legal representative signed the pledge."""

    class Meta:
        model = Application
        fields = ["pledge_signed_on"]
        widgets = {"pledge_signed_on": DayInput}
        labels = {"pledge_signed_on": "法定代表人签署承诺书的日期"}
        help_texts = {"pledge_signed_on": "与上传的承诺书上的日期一致。"}

    needed = ("pledge_signed_on",)


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


class ExtensionForm(forms.Form):
    """Why the correction needs more time."""

    use_required_attribute = False
    reason = forms.CharField(
        label="申请延长的理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明哪一项、为什么需要更多时间、大约需要几天。"
        f"补正期限只能延长一次，合计不超过{PERIODS['correction'].longest}。",
    )


class AnswerForm(forms.Form):
    """What the agency says to one item of a notice."""

    use_required_attribute = False
    answer = forms.CharField(label="说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
