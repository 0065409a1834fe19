"""Serializers of the technical assessment: what the offices and an expert read of it."""

from rest_framework import serializers

from core.accounts.models import Position
from core.documents.api import UploadSerializer
from filings import quota
from filings.enums import AssessmentMethod
from filings.models import Assessment, CapOverride, Criterion, ExpertTask, Opinion, Score
from filings.quota import Places


class OverrideSerializer(serializers.ModelSerializer):
    """The centre's request to go over a cap, the figures as they stand, and the bureau's answer (M37)."""

    label = serializers.SerializerMethodField(help_text="名额")
    taken = serializers.SerializerMethodField(help_text="已占")
    places = serializers.SerializerMethodField(help_text="上限")

    class Meta:
        model = CapOverride
        fields = (
            "application",
            "cap",
            "label",
            "taken",
            "places",
            "request",
            "asked_on",
            "granted",
            "reason",
            "decided_on",
        )
        read_only_fields = fields

    def get_label(self, row: CapOverride) -> str:
        """In words."""
        return self._places(row).label

    def get_taken(self, row: CapOverride) -> int:
        """Places taken today."""
        return self._places(row).taken

    def get_places(self, row: CapOverride) -> int:
        """The cap today."""
        return self._places(row).cap

    def _places(self, row: CapOverride) -> Places:
        found: dict[int, Places] = self.context.setdefault("places", {})
        if row.pk not in found:
            found[row.pk] = quota.of_key(row.cap, self.context["actor"].on)
        return found[row.pk]


class OpinionSerializer(serializers.ModelSerializer):
    """The county's opinion."""

    class Meta:
        model = Opinion
        fields = ("kind", "positive", "text", "given_on")
        read_only_fields = fields


class ScoreSerializer(serializers.ModelSerializer):
    """Marks on one criterion."""

    criterion = serializers.CharField(source="criterion.key", read_only=True)
    label = serializers.CharField(source="criterion.label", read_only=True)

    class Meta:
        model = Score
        fields = ("criterion", "label", "full_marks", "marks", "reason")
        read_only_fields = fields


class ExpertSerializer(serializers.ModelSerializer):
    """An expert in office."""

    name = serializers.CharField(source="user.__str__", read_only=True)
    organisation = serializers.CharField(source="organisation.name", read_only=True)

    class Meta:
        model = Position
        fields = ("id", "name", "organisation")
        read_only_fields = fields


class TaskSerializer(serializers.ModelSerializer):
    """An expert's assignment and, once handed in, the sheet."""

    expert = ExpertSerializer(read_only=True)
    scores = ScoreSerializer(many=True, read_only=True)

    class Meta:
        model = ExpertTask
        fields = ("id", "expert", "assigned_on", "done_on", "withdrawn_on", "positive", "opinion", "scores")
        read_only_fields = fields


class AssessmentSerializer(serializers.ModelSerializer):
    """The technical assessment (M11), for the offices."""

    label = serializers.CharField(
        source="application.assessment_word", read_only=True, help_text="技术评估；延续备案的是定期评估"
    )
    citation = serializers.CharField(source="application.assessment_citation", read_only=True, help_text="依据的条款")
    methods = serializers.ListField(child=serializers.ChoiceField(choices=AssessmentMethod.choices), read_only=True)
    qualification = UploadSerializer(read_only=True, allow_null=True)
    visit_upload = UploadSerializer(read_only=True, allow_null=True)
    tasks = TaskSerializer(many=True, read_only=True)
    opinions = OpinionSerializer(source="application.opinions", many=True, read_only=True)

    class Meta:
        model = Assessment
        fields = (
            "label",
            "citation",
            "methods",
            "plan",
            "commissioned",
            "qualification",
            "started_on",
            "visit_on",
            "visit_note",
            "visit_upload",
            "report",
            "report_on",
            "tasks",
            "opinions",
        )
        read_only_fields = fields


class CriterionSerializer(serializers.ModelSerializer):
    """A published criterion."""

    class Meta:
        model = Criterion
        fields = ("id", "key", "label", "full_marks", "since", "until")
        read_only_fields = fields


class OwnTaskSerializer(serializers.ModelSerializer):
    """An expert's own open assignment, with the criteria to mark."""

    application = serializers.IntegerField(source="assessment.application_id", read_only=True)
    number = serializers.CharField(source="assessment.application.number", read_only=True)
    name = serializers.CharField(source="assessment.application.name", read_only=True)
    criteria = CriterionSerializer(many=True, read_only=True)

    class Meta:
        model = ExpertTask
        fields = ("id", "application", "number", "name", "assigned_on", "criteria")
        read_only_fields = fields
