"""An application as it is read, in a list and whole; what is open to the caller; who calls."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.accounts.models import OrganisationKind
from core.api.serializers import OrganisationSerializer
from core.crypto import mask
from core.deadlines import clocks
from core.documents.api import UploadSerializer
from core.reference.models import Occupation
from core.web.problems import ReasonSerializer, reason_document
from core.workflow.offers import Offer
from filings import changes, lateness, quota
from filings.api.content import (
    DraftSerializer,
    ExamSiteSerializer,
    RecordSerializer,
    ScopeItemSerializer,
    StaffSerializer,
)
from filings.enums import LegalForm
from filings.models import Application, ChangeItem, Filing


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
    urgent = serializers.SerializerMethodField(help_text="申请急需紧缺职业（今天的目录），可优先申报")

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
            "counter_on",
            "accepted_on",
            "deemed_accepted",
            "decided_on",
            "due_on",
            "urgent",
        )
        read_only_fields = fields

    def get_urgent(self, application: Application) -> bool:
        """By the list of the portal's day; lists look all of a page's up at once (context `urgent`)."""
        if "urgent" in self.context:
            return application.pk in self.context["urgent"]
        return quota.is_urgent(application, self.context["actor"].on)

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_due_on(self, application: Application) -> Any:
        """The nearest running clock's last day; lists look all of a page's up at once (context `due`)."""
        due = self.context.get("due")
        if due is None:
            due = clocks.nearest_due("filings.application", [str(application.pk)])
        clock = due.get(str(application.pk))
        return clock.due_on if clock else None


class ChangeItemSerializer(serializers.ModelSerializer):
    """What a change asks for, item by item (M13)."""

    label = serializers.SerializerMethodField()

    class Meta:
        model = ChangeItem
        fields = ("key", "label", "before", "after", "confirmed", "granted", "reason", "basis")
        read_only_fields = fields

    def get_label(self, item: ChangeItem) -> str:
        """In words."""
        return changes.label(item.key)


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

    # Empty in a draft, which the model's own choices would hide from the description.
    legal_form = serializers.ChoiceField(choices=LegalForm.choices, allow_blank=True, read_only=True)
    legal_representative_id = serializers.SerializerMethodField(help_text="只显示头尾几位")
    contact_phone = serializers.SerializerMethodField(help_text="只显示头尾几位")
    scope = ScopeItemSerializer(many=True, read_only=True)
    sites = ExamSiteSerializer(many=True, read_only=True)
    records = RecordSerializer(many=True, read_only=True)
    staff = StaffSerializer(many=True, read_only=True)
    change_items = ChangeItemSerializer(many=True, read_only=True, help_text="变更事项，提交时写定")
    found_by = serializers.SerializerMethodField(help_text="查明变更之日的依据，扫描件；没有时为空")
    filing = serializers.SerializerMethodField(help_text="同意备案后的备案；变更、延续所涉的备案")

    class Meta(ApplicationRowSerializer.Meta):
        fields = (
            *ApplicationRowSerializer.Meta.fields,
            *_OWN,
            "scope",
            "sites",
            "records",
            "staff",
            "late",
            "found_on",
            "found_note",
            "found_by",
            "became_initial_on",
            "change_items",
            "filing",
        )
        read_only_fields = fields

    def to_representation(self, instance: Application) -> dict[str, Any]:
        """An expert reads nothing of the people in charge, as on its page."""
        shown: dict[str, Any] = super().to_representation(instance)
        if self.context["actor"].kind == OrganisationKind.EXPERTS:
            shown |= dict.fromkeys(PEOPLE, "") | {"found_by": None}
        return shown

    def get_legal_representative_id(self, application: Application) -> str:
        """Masked."""
        return mask(application.legal_representative_id or "")

    def get_contact_phone(self, application: Application) -> str:
        """Masked."""
        return mask(application.contact_phone or "")

    @extend_schema_field(UploadSerializer(allow_null=True))
    def get_found_by(self, application: Application) -> Any:
        """Its newest version, read by the offices and the agency."""
        found = lateness.found_by(application)
        return UploadSerializer(found).data if found else None

    @extend_schema_field(FilingSerializer(allow_null=True))
    def get_filing(self, application: Application) -> Any:
        """What the approval created; of a change or renewal the filing it is about; else None."""
        filing = getattr(application, "granted_filing", None) or application.filing
        return FilingSerializer(filing).data if filing else None


class OfferSerializer(serializers.Serializer):
    """A transition as it stands for the caller: open, or with every reason against it."""

    name = serializers.SerializerMethodField()
    label = serializers.SerializerMethodField(help_text="延续备案的评估称定期评估")
    citation = serializers.CharField()
    mode = serializers.ChoiceField(choices=["act", "propose", "decide"], help_text="办理、提议，或决定已有的提议")
    open = serializers.BooleanField(help_text="现在可以办理（表单内容另查）")
    concerns = serializers.BooleanField(help_text="当前岗位在这一状态下的事")
    reasons = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField(help_text="办理的地址；要决定的提议是提议的地址")

    def get_name(self, offer: Offer) -> str:
        """As in the address."""
        return str(self.context["names"][offer.name])

    def get_label(self, offer: Offer) -> str:
        """In words."""
        application = self.context.get("application")  # a filing's offers have none
        return offer.label.replace("技术评估", application.assessment_word) if application else offer.label

    @extend_schema_field(ReasonSerializer(many=True))
    def get_reasons(self, offer: Offer) -> Any:
        """All of them."""
        return [reason_document(reason) for reason in offer.reasons]

    def get_address(self, offer: Offer) -> str:
        """Where to POST."""
        if offer.mode == "decide":
            return reverse("proposal-decide", args=[self.context["proposal"]])
        name = self.context["names"][offer.name]
        return f"/api/v1/{self.context['at']}/transitions/{name}/"
