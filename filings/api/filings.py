"""Filings as they stand: what each covers, how long it holds, its receipts; for its agency and the offices."""

import datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.reference import settings
from core.web.pagination import KeyedPages
from core.workflow.api import ActorView
from filings import queries, terms
from filings.api.assignments import AssignmentSerializer
from filings.models import Filing, FilingScope, FilingSite, Receipt, standing

TAGS = ["filings"]


class FilingRowSerializer(serializers.ModelSerializer):
    """A filing as lists show it."""

    state_label = serializers.CharField(source="get_state_display", read_only=True)
    in_force = serializers.SerializerMethodField(help_text="今天是否有效（按日期和延续办理情况，不看是否已经清理）")

    class Meta:
        model = Filing
        fields = (
            "id",
            "code",
            "name",
            "credit_code",
            "area",
            "valid_from",
            "valid_until",
            "held_open",
            "state",
            "state_label",
            "ended_on",
            "in_force",
        )
        read_only_fields = fields

    def get_in_force(self, filing: Filing) -> bool:
        """On the portal's day."""
        return filing.in_force(self.context["actor"].on)


class FilingScopeSerializer(serializers.ModelSerializer):
    """An occupation of a filing."""

    name = serializers.CharField(source="occupation.name", read_only=True)
    levels = serializers.ListField(child=serializers.IntegerField())
    sites = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = FilingScope
        fields = ("occupation", "name", "levels", "sites", "since")
        read_only_fields = fields


class FilingSiteSerializer(serializers.ModelSerializer):
    """A site of a filing."""

    class Meta:
        model = FilingSite
        fields = ("id", "name", "area", "address", "since")
        read_only_fields = fields


class ReceiptSerializer(serializers.ModelSerializer):
    """A receipt; a later one supersedes it from `superseded_on`."""

    number = serializers.CharField(source="document.number", read_only=True)
    code = serializers.CharField(source="document.code", read_only=True, help_text="核验码")

    class Meta:
        model = Receipt
        fields = ("number", "code", "valid_from", "valid_until", "superseded_on")
        read_only_fields = fields


class TermSerializer(serializers.Serializer):
    """A stretch of validity, first and last day."""

    valid_from = serializers.DateField()
    valid_until = serializers.DateField()


class FilingDetailSerializer(FilingRowSerializer):
    """A filing whole, as it stands today; an ended one as it last stood."""

    scope = serializers.SerializerMethodField()
    sites = serializers.SerializerMethodField()
    receipts = ReceiptSerializer(many=True, read_only=True)
    terms = serializers.SerializerMethodField(help_text="正在进行的有效期，以及已同意、尚未开始的下一期")
    assignments = serializers.SerializerMethodField(help_text="从这里调配到别处的，连同已结束的；不占名额")
    renewal_opens_on = serializers.SerializerMethodField(help_text="自哪一天起可以申请延续")
    renewal_timely_until = serializers.SerializerMethodField(help_text="按期申请延续的最后一日")

    class Meta(FilingRowSerializer.Meta):
        fields = (
            *FilingRowSerializer.Meta.fields,
            "address",
            "legal_representative",
            "person_in_charge",
            "scope",
            "sites",
            "receipts",
            "terms",
            "assignments",
            "renewal_opens_on",
            "renewal_timely_until",
        )
        read_only_fields = fields

    def _day(self, filing: Filing) -> datetime.date:
        on: datetime.date = self.context["actor"].on
        return on if filing.ended_on is None else min(on, filing.ended_on)

    @extend_schema_field(FilingScopeSerializer(many=True))
    def get_scope(self, filing: Filing) -> Any:
        """What stands."""
        rows = filing.scope.filter(standing(self._day(filing))).select_related("occupation").prefetch_related("sites")
        return FilingScopeSerializer(rows, many=True).data

    @extend_schema_field(FilingSiteSerializer(many=True))
    def get_sites(self, filing: Filing) -> Any:
        """What stands."""
        return FilingSiteSerializer(filing.sites.filter(standing(self._day(filing))), many=True).data

    @extend_schema_field(TermSerializer(many=True))
    def get_terms(self, filing: Filing) -> Any:
        """The one that runs, and the one to come."""
        return TermSerializer(terms.terms(filing, self.context["actor"].on), many=True).data

    @extend_schema_field(AssignmentSerializer(many=True))
    def get_assignments(self, filing: Filing) -> Any:
        """Those that the caller may see."""
        rows = queries.assignments_visible_to(self.context["actor"]).filter(filing=filing).order_by("-id")
        return AssignmentSerializer(rows, many=True, context=self.context).data

    def get_renewal_opens_on(self, filing: Filing) -> datetime.date:
        """A setting before the end (M14)."""
        return terms.opens_on(filing, settings.value("renewal_opening", self.context["actor"].on))

    def get_renewal_timely_until(self, filing: Filing) -> datetime.date:
        """Counted backward from the end, never moved (M14)."""
        return terms.timely_until(filing)


class FilingPages(KeyedPages):
    """Newest first."""

    ordering = "-id"


@extend_schema_view(get=extend_schema(operation_id="filings_list", summary="备案列表", tags=TAGS))
class FilingList(ListAPIView, ActorView):
    """The filings that the caller may see."""

    serializer_class = FilingRowSerializer
    pagination_class = FilingPages

    def get_queryset(self) -> QuerySet[Filing]:
        """What the caller may see."""
        if getattr(self, "swagger_fake_view", False):
            return Filing.objects.none()
        return queries.filings_visible_to(self.actor)

    def get_serializer_context(self) -> dict[str, Any]:
        """With who asks, on which day."""
        return ActorView.get_serializer_context(self)


class FilingDetail(ActorView):
    """One filing."""

    @extend_schema(operation_id="filings_read", summary="读取备案", tags=TAGS, responses=FilingDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Return it whole. 404 for whoever may not see it."""
        found = queries.filings_visible_to(self.actor).filter(pk=pk).first()
        if found is None:
            raise NotFound("没有这件备案。")
        return Response(FilingDetailSerializer(found, context=self.get_serializer_context()).data)
