"""Filings as they stand: what each covers, how long it holds, its receipts; for its agency and the offices."""

import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.sessions import day_of
from core.reference import settings
from core.reference.models import Area, Occupation
from core.web.pagination import KeyedPages
from core.workflow.api import ActorView
from filings import filed, queries, standings, terms
from filings.api.assignments import AssignmentSerializer
from filings.filed import LENSES, STATUS_CHOICES
from filings.models import Filing, FilingScope, FilingSite, Receipt, Suspension, standing

TAGS = ["filings"]


class FilingRowSerializer(serializers.ModelSerializer):
    """A filing as lists show it."""

    state_label = serializers.CharField(source="get_state_display", read_only=True)
    in_force = serializers.SerializerMethodField(help_text="今天是否有效（按日期和延续办理情况，不看是否已经清理）")
    standing = serializers.SerializerMethodField(help_text="今天的状态：有效而暂停评价的为 suspended")
    standing_label = serializers.SerializerMethodField(help_text="今天的状态，文字")

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
            "standing",
            "standing_label",
        )
        read_only_fields = fields

    def get_in_force(self, filing: Filing) -> bool:
        """On the portal's day."""
        return filing.in_force(self.context["actor"].on)

    @extend_schema_field(serializers.ChoiceField(choices=standings.CHOICES))
    def get_standing(self, filing: Filing) -> str:
        """An end goes before a suspension."""
        return standings.of(filing, self.context["actor"].on).key

    def get_standing_label(self, filing: Filing) -> str:
        """In words."""
        return standings.of(filing, self.context["actor"].on).words


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


class SuspensionSerializer(serializers.ModelSerializer):
    """A suspension; `until` is the first day on which it no longer holds."""

    class Meta:
        model = Suspension
        fields = ("since", "until", "source", "lifted_reason")
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
    suspensions = SuspensionSerializer(many=True, read_only=True)
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
            "suspensions",
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
        rows = filing.scope_on(self._day(filing)).select_related("occupation")
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


class FilingFilter(django_filters.FilterSet):
    """What a list of filings can be narrowed to, as on the officers' page."""

    lens = django_filters.ChoiceFilter(
        choices=[(name, lens.label) for name, lens in LENSES.items()],
        method="narrow",
        help_text="范围；不填为全部",
    )
    status = django_filters.ChoiceFilter(
        choices=STATUS_CHOICES, method="narrow", help_text="今天的状态（按日期，不看是否已经清理）"
    )
    area = django_filters.ModelChoiceFilter(
        queryset=Area.objects.all(), method="narrow", help_text="注册地或场地所在区域的代码"
    )
    occupation = django_filters.ModelChoiceFilter(
        queryset=Occupation.objects.all(), method="narrow", help_text="职业（工种）的代码"
    )
    q = django_filters.CharFilter(method="narrow", max_length=80, help_text="名称、备案编码或信用代码")

    class Meta:
        model = Filing
        fields: tuple[str, ...] = ()

    def narrow(self, rows: QuerySet[Filing], name: str, value: Any) -> QuerySet[Filing]:
        """On the portal's day."""
        return filed.matching(rows, {name: value}, day_of(self.request._request))


class FilingPages(KeyedPages):
    """Newest first."""

    ordering = "-id"


@extend_schema_view(get=extend_schema(operation_id="filings_list", summary="备案列表", tags=TAGS))
class FilingList(ListAPIView, ActorView):
    """The filings that the caller may see."""

    serializer_class = FilingRowSerializer
    filterset_class = FilingFilter
    pagination_class = FilingPages

    def get_queryset(self) -> QuerySet[Filing]:
        """What the caller may see."""
        if getattr(self, "swagger_fake_view", False):
            return Filing.objects.none()
        return queries.filings_visible_to(self.actor).prefetch_related("suspensions")

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
