"""Serializers of what is read: applications, materials, requests, assessment, clocks, timeline, claims."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.accounts.actors import AUTHORITIES
from core.accounts.models import OrganisationKind
from core.api.serializers import OrganisationSerializer
from core.crypto import mask
from core.deadlines import clocks
from core.deadlines.models import Clock
from core.documents.api import DocumentSerializer, UploadSerializer
from core.reference.models import Occupation
from core.web.problems import ReasonSerializer, reason_document
from core.workflow.offers import Offer
from filings import m7
from filings.api.content import (
    DraftSerializer,
    ExamSiteSerializer,
    RecordSerializer,
    ScopeItemSerializer,
    StaffSerializer,
)
from filings.api.fields import MATERIAL_CHOICES
from filings.models import (
    Application,
    Filing,
    Material,
    PartMark,
    Request,
    RequestItem,
)
from filings.part_contents import changes_of
from filings.parts import PART_CHOICES, Part
from regulation.periods import PERIODS


class OccupationSerializer(serializers.ModelSerializer):
    """An occupation that can be applied for."""

    class Meta:
        model = Occupation
        fields = ("code", "name")
        read_only_fields = fields


class MeSerializer(serializers.Serializer):
    """Who calls, in which position, on which day."""

    name = serializers.CharField(source="user.__str__")
    role = serializers.CharField()
    role_label = serializers.CharField(source="position.get_role_display")
    organisation = OrganisationSerializer()
    decides_for = serializers.ListField(
        child=serializers.IntegerField(), source="chief_of", help_text="作为负责人或代行人可以决定的单位"
    )
    today = serializers.DateField(source="on", help_text="门户日期")


class ApplicationRowSerializer(serializers.ModelSerializer):
    """An application as lists show it."""

    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    agency = OrganisationSerializer(read_only=True)
    receiving = OrganisationSerializer(read_only=True, allow_null=True)
    due_on = serializers.SerializerMethodField(help_text="最近的期限的最后一日")

    class Meta:
        model = Application
        fields = (
            "id",
            "number",
            "kind",
            "kind_label",
            "state",
            "state_label",
            "agency",
            "name",
            "credit_code",
            "area",
            "receiving",
            "created_on",
            "first_submitted_on",
            "received_on",
            "accepted_on",
            "deemed_accepted",
            "decided_on",
            "due_on",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_due_on(self, application: Application) -> Any:
        """The nearest running clock's last day; lists look all of a page's up at once (context `due`)."""
        due = self.context.get("due")
        if due is None:
            due = clocks.nearest_due("filings.application", [str(application.pk)])
        clock = due.get(str(application.pk))
        return clock.due_on if clock else None


class FilingSerializer(serializers.ModelSerializer):
    """What an approval created."""

    class Meta:
        model = Filing
        fields = ("code", "name", "valid_from", "valid_until", "state")
        read_only_fields = fields


# The draft's fields that the row does not show already.
_OWN = tuple(
    name
    for name in DraftSerializer.Meta.fields
    if not name.endswith("_confirmed") and name not in ApplicationRowSerializer.Meta.fields
)


PEOPLE = ("legal_representative", "legal_representative_id", "contact", "contact_phone")


class ApplicationSerializer(ApplicationRowSerializer):
    """An application whole. Personal numbers are masked, for its own agency too."""

    legal_representative_id = serializers.SerializerMethodField(help_text="只显示头尾几位")
    contact_phone = serializers.SerializerMethodField(help_text="只显示头尾几位")
    scope = ScopeItemSerializer(many=True, read_only=True)
    sites = ExamSiteSerializer(many=True, read_only=True)
    records = RecordSerializer(many=True, read_only=True)
    staff = StaffSerializer(many=True, read_only=True)
    filing = serializers.SerializerMethodField(help_text="同意备案后的备案")

    class Meta(ApplicationRowSerializer.Meta):
        fields = (
            *ApplicationRowSerializer.Meta.fields,
            *_OWN,
            "scope",
            "sites",
            "records",
            "staff",
            "filing",
        )
        read_only_fields = fields

    def to_representation(self, instance: Application) -> dict[str, Any]:
        """An expert reads nothing of the people in charge, as on its page."""
        shown: dict[str, Any] = super().to_representation(instance)
        if self.context["actor"].kind == OrganisationKind.EXPERTS:
            shown |= dict.fromkeys(PEOPLE, "")
        return shown

    def get_legal_representative_id(self, application: Application) -> str:
        """Masked."""
        return mask(application.legal_representative_id or "")

    def get_contact_phone(self, application: Application) -> str:
        """Masked."""
        return mask(application.contact_phone or "")

    @extend_schema_field(FilingSerializer(allow_null=True))
    def get_filing(self, application: Application) -> Any:
        """None before an approval."""
        filing = getattr(application, "filing", None)
        return FilingSerializer(filing).data if filing else None


class MarkSerializer(serializers.ModelSerializer):
    """The reviewer's mark on a material."""

    complete = serializers.BooleanField(allow_null=True, help_text="齐全；空为未看")
    compliant = serializers.BooleanField(allow_null=True, help_text="符合要求；空为未看")
    remark = serializers.CharField(allow_blank=True, required=False, default="", max_length=2000)

    class Meta:
        model = Material
        fields = ("complete", "compliant", "remark", "marked_on")
        read_only_fields = ("marked_on",)


class MaterialSerializer(serializers.ModelSerializer):
    """One of the six materials (M8). An agency reads what a notice asks, not the marks."""

    key = serializers.ChoiceField(choices=MATERIAL_CHOICES, read_only=True)
    label = serializers.CharField(source="rule.label", read_only=True)
    hint = serializers.CharField(source="rule.hint", read_only=True)
    formats = serializers.ListField(child=serializers.CharField(), source="rule.formats", read_only=True)
    citation = serializers.CharField(source="rule.citation.code", read_only=True)
    upload = UploadSerializer(read_only=True, allow_null=True)
    mark = serializers.SerializerMethodField(help_text="审核标记，只对审核机关")

    class Meta:
        model = Material
        fields = ("key", "label", "hint", "formats", "citation", "upload", "mark")
        read_only_fields = fields

    @extend_schema_field(MarkSerializer(allow_null=True))
    def get_mark(self, material: Material) -> Any:
        """For officers alone."""
        return MarkSerializer(material).data if self.context["actor"].kind in AUTHORITIES else None


class CheckSerializer(serializers.Serializer):
    """One condition of M7 on this application."""

    key = serializers.CharField(source="condition.key")
    label = serializers.CharField(source="condition.label")
    citation = serializers.CharField(source="condition.citation.code")
    result = serializers.ChoiceField(choices=[one.value for one in m7.Result])
    detail = serializers.CharField()
    warning = serializers.CharField(allow_blank=True, help_text="结果之外请核对的，如可能重复填写的记录")
    occupation = serializers.CharField(allow_blank=True, help_text="按职业核对的，职业代码")


class PartMarkSerializer(serializers.ModelSerializer):
    """The receiving handler's mark on a part of the form."""

    correct = serializers.BooleanField(allow_null=True, help_text="无误；空为未看")
    remark = serializers.CharField(allow_blank=True, required=False, default="", max_length=2000)

    class Meta:
        model = PartMark
        fields = ("correct", "remark", "marked_on")
        read_only_fields = ("marked_on",)


class PartSerializer(serializers.Serializer):
    """A part of the form: what it covers, and whether the caller may edit it now."""

    key = serializers.ChoiceField(choices=PART_CHOICES)
    label = serializers.CharField()
    citation = serializers.CharField(source="citation.code")
    fields_covered = serializers.ListField(
        child=serializers.CharField(), source="fields", help_text="申请自身的字段，在 /applications/{id}/ 修改"
    )
    rows = serializers.BooleanField(help_text="是否有同名的表，在 /applications/{id}/{key}/ 修改")
    open = serializers.SerializerMethodField(help_text="申请机构现在可以修改")
    mark = serializers.SerializerMethodField(help_text="审核标记，只对审核机关")

    def get_open(self, part: Part) -> bool:
        """In a draft, or named by a notice that waits."""
        return part.key in self.context["open_parts"]

    @extend_schema_field(PartMarkSerializer(allow_null=True))
    def get_mark(self, part: Part) -> Any:
        """For officers alone; none where nobody has said anything."""
        mark = self.context["marks"].get(part.key)
        return PartMarkSerializer(mark).data if mark and self.context["actor"].kind in AUTHORITIES else None


class ChangeSerializer(serializers.Serializer):
    """One thing that a part says differently since it was asked for. Personal numbers and names are masked."""

    row = serializers.CharField(allow_blank=True, help_text="哪一行；申请自身的字段为空")
    label = serializers.CharField()
    old = serializers.CharField(allow_blank=True)
    new = serializers.CharField(allow_blank=True)


class RequestItemSerializer(serializers.ModelSerializer):
    """One thing asked for, a material or a part of the form, and the agency's answer."""

    material = serializers.ChoiceField(choices=MATERIAL_CHOICES, read_only=True, allow_blank=True)
    part = serializers.ChoiceField(choices=PART_CHOICES, read_only=True, allow_blank=True)
    label = serializers.CharField(read_only=True)
    upload = UploadSerializer(read_only=True, allow_null=True)
    answered = serializers.BooleanField(read_only=True)
    changes = serializers.SerializerMethodField(help_text="申请内容自通知以来的改动")

    class Meta:
        model = RequestItem
        fields = ("material", "part", "label", "what", "answer", "upload", "edited", "answered", "changes")
        read_only_fields = fields

    @extend_schema_field(ChangeSerializer(many=True))
    def get_changes(self, item: RequestItem) -> Any:
        """Old beside new."""
        return ChangeSerializer(changes_of(item), many=True).data


class RequestSerializer(serializers.ModelSerializer):
    """A correction notice or an invitation to supplement."""

    items = RequestItemSerializer(many=True, read_only=True)
    document = DocumentSerializer(read_only=True, allow_null=True)
    overtaken = serializers.BooleanField(read_only=True, help_text="登记送达之前已视为受理，补正通知不再生效")

    class Meta:
        model = Request
        fields = (
            "id",
            "kind",
            "asked_on",
            "days",
            "served_on",
            "extension_asked_on",
            "extension_request",
            "extended_to",
            "extension_reason",
            "answered_on",
            "overtaken",
            "document",
            "items",
        )
        read_only_fields = fields


class DaySerializer(serializers.Serializer):
    """One day of a period."""

    date = serializers.DateField()
    counted = serializers.BooleanField()
    number = serializers.IntegerField(allow_null=True, help_text="第几日；起算日和不计的日子为空")
    why = serializers.CharField()


class ClockSerializer(serializers.ModelSerializer):
    """A statutory clock, reckoned day by day."""

    label = serializers.SerializerMethodField()
    citation = serializers.SerializerMethodField()
    lapses_into = serializers.SerializerMethodField(help_text="期满的后果")
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    overdue = serializers.SerializerMethodField()
    rule = serializers.SerializerMethodField(help_text="怎样计算")
    source = serializers.SerializerMethodField(help_text="期限出自办法以外的规定的，该规定")
    days = serializers.SerializerMethodField()

    class Meta:
        model = Clock
        fields = (
            "kind",
            "label",
            "citation",
            "source",
            "state",
            "state_label",
            "starts_on",
            "amount",
            "unit",
            "due_on",
            "provisional",
            "ended_on",
            "overdue",
            "lapses_into",
            "rule",
            "days",
        )
        read_only_fields = fields

    def get_label(self, clock: Clock) -> str:
        """In words."""
        return PERIODS[clock.kind].label

    def get_citation(self, clock: Clock) -> str:
        """The article."""
        return PERIODS[clock.kind].citation.code

    def get_lapses_into(self, clock: Clock) -> str:
        """What its end brings."""
        return PERIODS[clock.kind].lapses

    def get_overdue(self, clock: Clock) -> bool:
        """Past its last day and still running."""
        return clocks.overdue(clock, self.context["actor"].on)

    def get_rule(self, clock: Clock) -> str:
        """How its days are counted, as the page and the command line say it."""
        return clocks.period_of(clock).rule

    def get_source(self, clock: Clock) -> str:
        """The law that gives the period where it is not the Measure."""
        return PERIODS[clock.kind].source

    @extend_schema_field(DaySerializer(many=True))
    def get_days(self, clock: Clock) -> Any:
        """From the start to the last day."""
        return DaySerializer(clocks.period_of(clock).days, many=True).data


class EntryPaperSerializer(serializers.Serializer):
    """A paper of a timeline entry."""

    title = serializers.CharField()
    number = serializers.CharField()
    download = serializers.SerializerMethodField()

    def get_download(self, paper: Any) -> str:
        """The address of its PDF."""
        return reverse("api-paper", args=[paper.code])


class EntrySerializer(serializers.Serializer):
    """One line of the timeline."""

    label = serializers.CharField()
    actor = serializers.CharField()
    on = serializers.DateField(allow_null=True, help_text="法定日期")
    at = serializers.DateTimeField(help_text="记录的时刻")
    kind = serializers.ChoiceField(choices=["person", "system", "lapse"])
    note = serializers.CharField(allow_blank=True)
    citation = serializers.CharField(allow_blank=True)
    documents = EntryPaperSerializer(many=True)


class OfferSerializer(serializers.Serializer):
    """A transition as it stands for the caller: open, or with every reason against it."""

    name = serializers.SerializerMethodField()
    label = serializers.CharField()
    citation = serializers.CharField()
    mode = serializers.ChoiceField(choices=["act", "propose", "decide"], help_text="办理、提议，或决定已有的提议")
    open = serializers.BooleanField(help_text="现在可以办理（表单内容另查）")
    concerns = serializers.BooleanField(help_text="当前岗位在这一状态下的事")
    reasons = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField(help_text="办理的地址；要决定的提议是提议的地址")

    def get_name(self, offer: Offer) -> str:
        """As in the address."""
        return str(self.context["names"][offer.name])

    @extend_schema_field(ReasonSerializer(many=True))
    def get_reasons(self, offer: Offer) -> Any:
        """All of them."""
        return [reason_document(reason) for reason in offer.reasons]

    def get_address(self, offer: Offer) -> str:
        """Where to POST."""
        if offer.mode == "decide":
            return reverse("proposal-decide", args=[self.context["proposal"]])
        name = self.context["names"][offer.name]
        return f"/api/v1/applications/{self.context['application'].pk}/transitions/{name}/"
