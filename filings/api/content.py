"""Serializers of what the agency writes: the draft's fields and its rows."""

from typing import Any

from rest_framework import serializers

from core.accounts.models import OrganisationKind
from core.api.fields import LARGEST, Day
from core.reference.models import Area
from filings import own_numbers, staff_table
from filings.api.fields import OccupationField, levels, unique
from filings.enums import LegalForm
from filings.imports.cells import CellError
from filings.models import Application, LeftOut, ScopeItem, Site, StaffMember, TrainingRecord
from filings.parts import OWN_FIELDS

_OWN_NUMBERS = {"credit_code": own_numbers.credit_code, "legal_representative_id": own_numbers.identity_number}


class DraftSerializer(serializers.ModelSerializer):
    """The agency's own fields of a draft. All may be left empty until submission; numbers are never read in clear."""

    legal_form = serializers.ChoiceField(choices=LegalForm.choices, required=False, allow_blank=True)
    area = serializers.PrimaryKeyRelatedField(
        queryset=Area.objects.all(),
        required=False,
        allow_null=True,
        pk_field=serializers.CharField(max_length=6),
        help_text="区域代码，如 410502",
    )
    registered_on = Day(required=False, allow_null=True)
    training_since = Day(required=False, allow_null=True)
    pledge_signed_on = Day(required=False, allow_null=True)
    funding = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    rules_note = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    legal_representative_id = serializers.CharField(required=False, allow_blank=True, max_length=24, write_only=True)
    contact_phone = serializers.RegexField(
        r"^(\+?[0-9][0-9 -]{5,19})?$", required=False, allow_blank=True, write_only=True
    )
    credit_code_confirmed = serializers.BooleanField(
        required=False, write_only=True, help_text="校验位不符，已逐位核对，代码与证照一致"
    )
    legal_representative_id_confirmed = serializers.BooleanField(
        required=False, write_only=True, help_text="号码存疑，已逐位核对，与身份证一致"
    )

    class Meta:
        model = Application
        fields = (*OWN_FIELDS, "credit_code_confirmed", "legal_representative_id_confirmed")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Numbers in their one form; a doubtful one only with its confirmation (DOMAIN.md, M7)."""
        wrong: dict[str, list[str]] = {}
        for name, check in _OWN_NUMBERS.items():
            confirmed = attrs.pop(f"{name}_confirmed", False)
            if name in attrs:
                attrs[name], reason = check(self.context["application"], attrs[name], confirmed=confirmed)
                if reason:
                    wrong[name] = [reason.text]
        if wrong:
            raise serializers.ValidationError(wrong)
        return attrs


class OwnRows(serializers.PrimaryKeyRelatedField):
    """Rows of the same application, by id."""

    def __init__(self, *, model: Any = None, **kwargs: Any) -> None:
        self.model = model
        super().__init__(**kwargs)

    def get_queryset(self) -> Any:
        """Those of the application that is being edited; of all for the description."""
        application = self.context.get("application")
        rows = self.model._default_manager.all()
        return rows.filter(application=application) if application is not None else rows


def _ids(model: Any, help_text: str) -> serializers.ManyRelatedField:
    # Made by hand: `many=True` would copy the queryset before the application is known.
    return serializers.ManyRelatedField(
        child_relation=OwnRows(
            model=model, queryset=model.objects.all(), pk_field=serializers.IntegerField(min_value=1, max_value=LARGEST)
        ),
        required=False,
        help_text=help_text,
    )


class ExamSiteSerializer(serializers.ModelSerializer):
    """An examination site (考评场地)."""

    area = serializers.PrimaryKeyRelatedField(
        queryset=Area.objects.all(), pk_field=serializers.CharField(max_length=6), help_text="区域代码"
    )
    square_metres = serializers.IntegerField(
        min_value=1, max_value=1_000_000, allow_null=True, help_text="面积（平方米）；提交前必须填写"
    )
    places = serializers.IntegerField(
        min_value=1, max_value=100_000, allow_null=True, help_text="工位数；提交前必须填写"
    )
    equipment = serializers.CharField(required=False, allow_blank=True, max_length=5000)

    class Meta:
        model = Site
        fields = ("id", *Site.OWN_FIELDS)


class LeftOutSerializer(serializers.ModelSerializer):
    """What an approval in part left out of an occupation: a level, a site, or, naming neither, all of it."""

    class Meta:
        model = LeftOut
        fields = ("level", "site", "reason", "basis")
        read_only_fields = fields


class ScopeItemSerializer(serializers.ModelSerializer):
    """An occupation applied for; at the end what was decided on it."""

    occupation = OccupationField()
    occupation_name = serializers.CharField(source="occupation.name", read_only=True)
    levels = levels(required=False, help_text="5 初级工至 1 高级技师")
    sites = _ids(Site, "考评场地的编号")
    granted = serializers.BooleanField(read_only=True, allow_null=True)
    left_out = LeftOutSerializer(many=True, read_only=True)

    class Meta:
        model = ScopeItem
        fields = (
            "id",
            "occupation",
            "occupation_name",
            "levels",
            "sites",
            "question_bank",
            "granted",
            "left_out",
        )

    def validate_levels(self, value: list[int]) -> list[int]:
        """Each once, the lowest first."""
        return sorted(unique(value, "等级"), reverse=True)


class RecordSerializer(serializers.ModelSerializer):
    """Person-times trained and evaluated in one occupation within a span of days (M7(7))."""

    occupation = OccupationField()
    since = Day()
    until = Day()
    person_times = serializers.IntegerField(min_value=0, max_value=10_000_000, help_text="人次")

    class Meta:
        model = TrainingRecord
        fields = ("id", "occupation", "since", "until", "person_times")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Dates in order, what is not sent taken from the row."""
        since = attrs.get("since") or (self.instance and self.instance.since)
        until = attrs.get("until") or (self.instance and self.instance.until)
        if since and until and until < since:
            raise serializers.ValidationError({"until": ["结束日期不能早于开始日期。"]})
        return attrs


class StaffSerializer(serializers.ModelSerializer):
    """A person of M7(3). An expert reads the family name alone."""

    name = serializers.CharField(max_length=60)
    occupations = serializers.ManyRelatedField(
        child_relation=OccupationField(), required=False, help_text="适用的职业（工种）代码；空着表示都适用"
    )

    class Meta:
        model = StaffMember
        fields = ("id", "kind", "name", "certificate", "occupations")

    def validate_certificate(self, number: str) -> str:
        """No identity number."""
        try:
            return staff_table.certificate(number)
        except CellError as wrong:
            raise serializers.ValidationError(str(wrong)) from None

    def to_representation(self, instance: StaffMember) -> dict[str, Any]:
        """Masked for experts."""
        shown: dict[str, Any] = super().to_representation(instance)
        actor = self.context.get("actor")
        if actor is not None and actor.kind == OrganisationKind.EXPERTS:
            shown["name"] = shown["name"][:1] + "*"
        return shown
