"""Serializers of the technical assessment: what the offices and an expert read of it."""

from rest_framework import serializers

from core.accounts.models import Position
from core.documents.api import UploadSerializer
from filings.enums import AssessmentMethod
from filings.models import Assessment, Criterion, ExpertTask, Opinion, Score


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

    methods = serializers.ListField(child=serializers.ChoiceField(choices=AssessmentMethod.choices), read_only=True)
    visit_upload = UploadSerializer(read_only=True, allow_null=True)
    tasks = TaskSerializer(many=True, read_only=True)
    opinions = OpinionSerializer(source="application.opinions", many=True, read_only=True)

    class Meta:
        model = Assessment
        fields = (
            "methods",
            "plan",
            "commissioned",
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
        fields = ("key", "label", "full_marks", "since", "until")
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
