"""What is set down beforehand: the year's number, urgent list, serials, criteria."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import OrganisationKind
from core.api.administration import Administration
from core.api.fields import Day
from core.workflow.api import ActingView, ActorView, ProposalSerializer
from core.workflow.models import Proposal
from filings.api.application_serializers import OccupationSerializer
from filings.api.assessment_serializers import CriterionSerializer
from filings.api.fields import OccupationField
from filings.criteria import CriteriaSet, sets
from filings.models import Criterion, QuotaDecision, QuotaYear, SerialBlock, UrgentOccupation
from filings.workflow import places
from filings.workflow.assessing import criteria
from filings.workflow.places import LARGEST_SERIAL, MOST_MARKS, MOST_PLACES

TAGS = ["places"]
QUOTA = "filings.quotadecision"
MOST = 50


# -- the year's number -------------------------------------------------------------------------------------------


class QuotaYearSerializer(serializers.ModelSerializer):
    """The number set for a year."""

    class Meta:
        model = QuotaYear
        fields = ("year", "places", "source")
        read_only_fields = fields


class QuotaDecisionSerializer(serializers.ModelSerializer):
    """A number proposed, and what became of it."""

    proposal = serializers.SerializerMethodField(help_text="提议；决定、退回、收回用 /api/v1/proposals/{id}/")
    state_label = serializers.CharField(source="get_state_display", read_only=True)

    class Meta:
        model = QuotaDecision
        fields = ("id", "year", "places", "source", "state_label", "drafted_on", "decided_on", "proposal")
        read_only_fields = fields

    @extend_schema_field(ProposalSerializer)
    def get_proposal(self, decision: QuotaDecision) -> Any:
        """As it stands."""
        return ProposalSerializer(self.context["proposals"][str(decision.pk)], context=self.context).data


class QuotaBody(serializers.Serializer):
    """A number for a year."""

    year = serializers.IntegerField(min_value=2004, max_value=2100)
    places = serializers.IntegerField(min_value=1, max_value=MOST_PLACES, help_text="全市预设数量（家）")
    source = serializers.CharField(max_length=200, help_text="依据：会议纪要、文件名称和文号等")
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=5000, help_text="给负责人的说明"
    )


class _Bureau(ActingView):
    kinds = (OrganisationKind.BUREAU,)


class QuotaYears(_Bureau):
    """The numbers set."""

    @extend_schema(operation_id="quota_years", summary="历年名额", tags=TAGS, responses=QuotaYearSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return the number of each year, newest first; one holds until replaced."""
        return Response(QuotaYearSerializer(QuotaYear.objects.order_by("-year"), many=True).data)


class QuotaProposals(_Bureau):
    """The numbers proposed."""

    @extend_schema(
        operation_id="quota_proposals",
        summary="年度名额的提议",
        tags=TAGS,
        responses=QuotaDecisionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return the newest proposals and what became of them."""
        return Response(self._shown(QuotaDecision.objects.order_by("-id")[:MOST]))

    @extend_schema(
        operation_id="quota_propose",
        summary="提议年度名额（另一人决定）",
        tags=TAGS,
        request=QuotaBody,
        responses={201: ProposalSerializer},
    )
    def post(self, request: Request) -> Response:
        """Propose the number of agencies for a year, as a handler; the chief decides it."""

        def prepare() -> Any:
            data = self.body(QuotaBody)
            return None, lambda: places.propose_quota(**data, **self.by)

        return self.deed(request, f"{QUOTA}.set_quota", prepare, ProposalSerializer, status=201)

    def _shown(self, decisions: QuerySet[QuotaDecision]) -> Any:
        found = {str(decision.pk): decision for decision in decisions}
        rows = Proposal.objects.filter(matter_type=QUOTA, matter_id__in=list(found)).order_by("id")
        by_matter = {row.matter_id: row for row in rows.select_related("proposed_by", "decided_by")}
        listed = [decision for key, decision in found.items() if key in by_matter]
        return self.shown(QuotaDecisionSerializer, listed, many=True, proposals=by_matter)


# -- the urgent list ---------------------------------------------------------------------------------------------


class UrgentSerializer(serializers.ModelSerializer):
    """An occupation on the urgent list, dated."""

    occupation = OccupationSerializer(read_only=True)

    class Meta:
        model = UrgentOccupation
        fields = ("id", "occupation", "since", "until", "source")
        read_only_fields = fields


class UrgentBody(serializers.Serializer):
    """An occupation from a day on."""

    occupation = OccupationField()
    since = Day()
    source = serializers.CharField(max_length=200, help_text="公布文件")


class Urgent(_Bureau):
    """The urgent list."""

    @extend_schema(operation_id="urgent_list", summary="急需紧缺目录", tags=TAGS, responses=UrgentSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return what stands on the list and what stood there."""
        rows = UrgentOccupation.objects.select_related("occupation").order_by("until", "occupation_id")
        return Response(UrgentSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="urgent_enter",
        summary="列入急需紧缺目录",
        tags=TAGS,
        request=UrgentBody,
        responses={201: UrgentSerializer},
    )
    def post(self, request: Request) -> Response:
        """Put an occupation on the list from a day on."""

        def prepare() -> Any:
            data = self.body(UrgentBody)
            return None, lambda: places.list_urgent(data.pop("occupation"), **data, **self.by)

        return self.deed(request, "filings.urgent.list", prepare, UrgentSerializer, status=201)


class EndUrgent(_Bureau):
    """Taking off."""

    @extend_schema(
        operation_id="urgent_end", summary="移出急需紧缺目录", tags=TAGS, request=None, responses=UrgentSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take it off: today is its last day."""

        def prepare() -> Any:
            row = UrgentOccupation.objects.filter(pk=pk).first()
            if row is None:
                raise NotFound("目录里没有这一项。")
            return row, lambda: places.unlist_urgent(row, **self.by)

        return self.deed(request, "filings.urgent.unlist", prepare, UrgentSerializer)


# -- serials -----------------------------------------------------------------------------------------------------


class SerialBlockSerializer(serializers.ModelSerializer):
    """A block of filing-code serials, with how many are used."""

    total = serializers.IntegerField(read_only=True)
    used = serializers.IntegerField(read_only=True)
    left = serializers.IntegerField(read_only=True)

    class Meta:
        model = SerialBlock
        fields = ("id", "first", "last", "total", "used", "left", "source", "granted_on")
        read_only_fields = fields


class SerialBlockBody(serializers.Serializer):
    """A block as the province granted it."""

    first = serializers.IntegerField(min_value=1, max_value=LARGEST_SERIAL)
    last = serializers.IntegerField(min_value=1, max_value=LARGEST_SERIAL)
    source = serializers.CharField(max_length=200, help_text="批准文件")
    granted_on = Day()


class Serials(ActingView, Administration):
    """Blocks of serials."""

    @extend_schema(
        operation_id="serials_list", summary="备案编码号段", tags=TAGS, responses=SerialBlockSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Return the blocks, the highest first."""
        return Response(SerialBlockSerializer(SerialBlock.objects.order_by("-first"), many=True).data)

    @extend_schema(
        operation_id="serials_enter",
        summary="录入新批的号段",
        description="录入后不能修改或删除。",
        tags=TAGS,
        request=SerialBlockBody,
        responses={201: SerialBlockSerializer},
    )
    def post(self, request: Request) -> Response:
        """Enter a block that the province has granted (M12)."""

        def prepare() -> Any:
            data = self.body(SerialBlockBody)
            return None, lambda: places.enter_serials(**data, **self.by)

        return self.deed(request, "filings.serials.enter", prepare, SerialBlockSerializer, status=201)


# -- criteria of assessment --------------------------------------------------------------------------------------


class CriterionBody(serializers.Serializer):
    """A criterion from a day on; the same key again is a new version."""

    key = serializers.SlugField(max_length=40, help_text="代号，如 venue；同一代号再次公布即为新的一版")
    label = serializers.CharField(max_length=120)
    full_marks = serializers.IntegerField(min_value=1, max_value=MOST_MARKS)
    since = Day(help_text="标准应事先公布：不能早于今天；今天已有申请开始评估的，选今天之后")


class CriteriaQuery(serializers.Serializer):
    """Which criteria."""

    every = serializers.BooleanField(required=False, default=False, help_text="连同以前和以后的各版")


class Criteria(ActingView):
    """The published criteria."""

    @extend_schema(
        operation_id="criteria_list",
        summary="评估标准（已公布）",
        tags=TAGS,
        parameters=[CriteriaQuery],
        responses=CriterionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return those in force today, or every version."""
        asked = CriteriaQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        every = asked.validated_data["every"]
        rows = Criterion.objects.order_by("-since", "key") if every else criteria(self.actor.on)
        return Response(CriterionSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="criteria_publish",
        summary="公布评估标准",
        description="由市职业技能鉴定指导中心负责人公布（第十一条）。",
        tags=TAGS,
        request=CriterionBody,
        responses={201: CriterionSerializer},
    )
    def post(self, request: Request) -> Response:
        """Publish a criterion from a day on, as the centre's chief."""

        def prepare() -> Any:
            data = self.body(CriterionBody)
            return None, lambda: places.publish_criterion(**data, **self.by)

        return self.deed(request, "filings.criterion.publish", prepare, CriterionSerializer, status=201)


class WeighedSerializer(CriterionSerializer):
    """A criterion within a set, with what it weighs there."""

    share = serializers.SerializerMethodField(help_text="在这一套里的权重（%），满分即权重")

    class Meta(CriterionSerializer.Meta):
        fields = (*CriterionSerializer.Meta.fields, "share")
        read_only_fields = fields

    @extend_schema_field(serializers.DecimalField(max_digits=4, decimal_places=1))
    def get_share(self, criterion: Criterion) -> str:
        """Of the full marks of the set."""
        return str(self.context["shares"][criterion.pk])


class CriteriaSetSerializer(serializers.Serializer):
    """The criteria that hold together from a day on."""

    since = serializers.DateField(help_text="这一套的第一日")
    until = serializers.DateField(allow_null=True, help_text="最后一日；还没有下一套的为空")
    holds = serializers.SerializerMethodField(help_text="是不是今天的一套")
    full = serializers.IntegerField(help_text="满分合计")
    criteria = serializers.SerializerMethodField(help_text="各项标准")

    def get_holds(self, found: CriteriaSet) -> bool:
        """On the caller's day."""
        return found.holds(self.context["actor"].on)

    @extend_schema_field(WeighedSerializer(many=True))
    def get_criteria(self, found: CriteriaSet) -> Any:
        """Each with its weight."""
        context = {**self.context, "shares": {one.pk: share for one, share in found.rows}}
        return WeighedSerializer([one for one, _ in found.rows], many=True, context=context).data


class CriteriaSets(ActorView):
    """Which criteria hold together, and from which day."""

    @extend_schema(
        operation_id="criteria_sets",
        summary="哪一天用哪一套评估标准",
        description="由各项标准的起止日期组成；公布（POST criteria/）或停用一项，即形成新的一套。"
        "一件申请始终用它开始评估那天的一套。",
        tags=TAGS,
        responses=CriteriaSetSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return the sets that are, were and will be, the newest first."""
        return Response(self.shown(CriteriaSetSerializer, sets(Criterion.objects.all()), many=True))


class EndCriterion(ActingView):
    """Ending a criterion."""

    kinds = (OrganisationKind.CENTRE,)

    @extend_schema(
        operation_id="criteria_end", summary="停用评估标准", tags=TAGS, request=None, responses=CriterionSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """End it: today is its last day. Assessments that have begun go on with it."""

        def prepare() -> Any:
            row = Criterion.objects.filter(pk=pk).first()
            if row is None:
                raise NotFound("没有这项标准。")
            return row, lambda: places.end_criterion(row, **self.by)

        return self.deed(request, "filings.criterion.end", prepare, CriterionSerializer)
