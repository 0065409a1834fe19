"""Applications: list, create, read, edit a draft; self-check, clocks, timeline, papers, proposals."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.actors import Actor
from core.accounts.sessions import current_actor
from core.audit.matters import key as matter_key
from core.deadlines import clocks
from core.documents.api import DocumentSerializer
from core.documents.models import OfficialDocument
from core.reference.models import Area, Occupation
from core.web.pagination import KeyedPages
from core.workflow import proposals
from core.workflow.api import ActingView, ActorView, ProposalSerializer, Work, plain
from filings import asked, pending, permissions, queries, quota, timeline, workflow
from filings.api.application_serializers import ApplicationRowSerializer, ApplicationSerializer
from filings.api.bodies import CreateBody
from filings.api.common import MATTER, Acting, Below, verb
from filings.api.content import DraftSerializer
from filings.api.course_serializers import ClockSerializer, EntrySerializer
from filings.api.review_serializers import CheckSerializer
from filings.enums import ApplicationKind, ApplicationState, Lateness, Turn
from filings.models import Application
from filings.workflow.steps import Matter

TAGS = ["applications"]


class ApplicationFilter(django_filters.FilterSet):
    """What a list of applications can be narrowed to; several states may be named."""

    state = django_filters.MultipleChoiceFilter(choices=ApplicationState.choices)
    kind = django_filters.ChoiceFilter(choices=ApplicationKind.choices)
    area = django_filters.ModelChoiceFilter(
        queryset=Area.objects.all(), method="narrow", help_text="注册地或场地所在区域的代码"
    )
    occupation = django_filters.ModelChoiceFilter(
        queryset=Occupation.objects.all(), method="narrow", help_text="申请职业（工种）的代码"
    )
    turn = django_filters.ChoiceFilter(choices=Turn.choices, method="narrow", help_text="等待哪一方办理")
    late = django_filters.ChoiceFilter(
        choices=Lateness.choices, method="narrow", help_text="逾期：本方办理期限已过，或者逾期提出的变更、延续"
    )
    q = django_filters.CharFilter(method="narrow", max_length=80, help_text="名称、申请号或信用代码")
    received_from = django_filters.DateFilter(field_name="received_on", lookup_expr="gte")
    received_until = django_filters.DateFilter(field_name="received_on", lookup_expr="lte")
    urgent = django_filters.BooleanFilter(method="find_urgent", help_text="申请急需紧缺职业的（今天的目录）")

    class Meta:
        model = Application
        fields: tuple[str, ...] = ()

    def narrow(self, rows: QuerySet[Application], name: str, value: Any) -> QuerySet[Application]:
        """As the officers' list does."""
        actor = current_actor(self.request._request)
        return queries.matching(rows, {name: value}, actor) if actor else rows.none()

    def find_urgent(self, rows: QuerySet[Application], name: str, wanted: bool) -> QuerySet[Application]:
        """Those that ask for an urgent occupation (M37), or those that do not."""
        asked_for = quota.urgent(self.request.parser_context["view"].actor.on)
        return rows.filter(asked_for if wanted else ~asked_for)


class ApplicationPages(KeyedPages):
    """Newest first."""

    ordering = "-id"


@extend_schema_view(
    get=extend_schema(operation_id="applications_list", summary="申请列表", tags=TAGS),
)
class ApplicationList(ListAPIView, ActingView):
    """The applications that the caller may see; a new draft."""

    serializer_class = ApplicationRowSerializer
    filterset_class = ApplicationFilter
    pagination_class = ApplicationPages

    def get_queryset(self) -> QuerySet[Application]:
        """What the caller may see."""
        if getattr(self, "swagger_fake_view", False):
            return Application.objects.none()
        return queries.visible_to(self.actor).select_related("agency", "receiving", "area")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page, its clocks looked up at once."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        due = clocks.nearest_due(MATTER, [str(one.pk) for one in page])
        first = Application.objects.filter(quota.urgent(self.actor.on), pk__in=[one.pk for one in page])
        urgent = set(first.values_list("pk", flat=True))
        context = {**ActorView.get_serializer_context(self), "due": due, "urgent": urgent}
        return self.get_paginated_response(ApplicationRowSerializer(page, many=True, context=context).data)

    @extend_schema(
        operation_id="applications_create",
        summary="新建申请草稿",
        tags=TAGS,
        request=CreateBody,
        responses={201: ApplicationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Start a draft for the caller's agency, prefilled with what is known of it, or from an ended application; as a
        handler, for the agency whose application came over the counter."""

        def prepare() -> Work:
            actor, data = self.actor, self.body(CreateBody, actor=self.actor)

            def act() -> tuple[int, Any]:
                made = workflow.create_application(actor=actor, on=actor.on, **data)
                context = ActorView.get_serializer_context(self)
                return 201, plain(ApplicationSerializer(made, context=context))

            return Work(verb("create"), None, act)

        return self.perform(request, prepare)


class ApplicationDetail(Acting):
    """One application."""

    @extend_schema(operation_id="applications_read", summary="读取申请", tags=TAGS, responses=ApplicationSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Return it whole."""
        return Response(self.whole(self.application()))

    @extend_schema(
        operation_id="applications_update",
        summary="修改草稿，或通知点到的内容",
        description="只写所列的项；职业、场地、记录、人员各有自己的地址。提交之后，只能修改补正或补充通知点到的部分。",
        tags=TAGS,
        request=DraftSerializer(partial=True),
        responses=ApplicationSerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Write some of the agency's own fields of a draft, or of the parts that a notice named."""

        def prepare() -> Work:
            found, actor = self.application(), self.actor
            sent = DraftSerializer(
                found, data=request.data, partial=True, context={**self.get_serializer_context(), "application": found}
            )
            sent.is_valid(raise_exception=True)

            def act() -> tuple[int, Any]:
                workflow.save_draft(found, actor=actor, on=actor.on, fields=sent.validated_data)
                return 200, self.whole(found)

            return Work(verb("save_draft"), found, act)

        return self.perform(request, prepare)


class Checks(Below):
    """The self-check against M7."""

    @extend_schema(
        operation_id="applications_checks",
        summary="备案条件核对（第七条）",
        tags=TAGS,
        responses=CheckSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return every condition on the application's data as it stands."""
        return self.listed(CheckSerializer, asked.checks(self.application(), self.actor.on))


class Clocks(Below):
    """Clocks."""

    @extend_schema(
        operation_id="applications_clocks", summary="期限，逐日说明", tags=TAGS, responses=ClockSerializer(many=True)
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return all clocks, running or ended, each with its period day by day."""
        return self.listed(ClockSerializer, clocks.of(self.for_sides()).order_by("id"))


class Timeline(Below):
    """Timeline."""

    @extend_schema(
        operation_id="applications_timeline", summary="经过", tags=TAGS, responses=EntrySerializer(many=True)
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return who did what when, oldest first, as the caller's side may see it."""
        return self.listed(EntrySerializer, timeline.entries(self.for_sides(), self.actor))


def papers_for(matter: Matter, actor: Actor) -> list[OfficialDocument]:
    """Return the papers of a matter that the actor may read, in the order they were issued."""
    matter_type, matter_id = matter_key(matter)
    rows = OfficialDocument.objects.filter(matter_type=matter_type, matter_id=matter_id).select_related("service")
    return [paper for paper in rows.order_by("id") if permissions.reads_part(actor, paper.series)]


class Documents(Below):
    """Papers."""

    @extend_schema(
        operation_id="applications_documents", summary="文书", tags=TAGS, responses=DocumentSerializer(many=True)
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return the papers issued, with where their PDFs are and how they were served."""
        return self.listed(DocumentSerializer, papers_for(self.application(), self.actor))


class Proposals(Below):
    """Proposals of one application."""

    @extend_schema(
        operation_id="applications_proposals", summary="提议", tags=TAGS, responses=ProposalSerializer(many=True)
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return all proposals, newest first, for the offices."""
        rows = proposals.of(self.for_offices())
        return self.listed(
            ProposalSerializer, rows.select_related("proposed_by__organisation", "decided_by__organisation")
        )


class ProposalsToDecide(ActorView):
    """Proposals that wait for the caller."""

    @extend_schema(
        operation_id="proposals_list",
        summary="等待我决定的提议",
        tags=["proposals"],
        responses=ProposalSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return the open proposals that the caller may decide, oldest first."""
        return Response(self.shown(ProposalSerializer, pending.to_decide(self.actor), many=True))
