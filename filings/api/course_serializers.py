"""The course of an application as it is read: its clocks day by day, its timeline."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.deadlines import clocks
from core.deadlines.models import Clock
from regulation.periods import PERIODS


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
