"""Assignments from elsewhere in the city (M37) through the API: the pages' rules, one route for each act."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import OrganisationKind
from core.api.fields import Id
from core.documents.api import DocumentSerializer
from core.web.pagination import KeyedPages
from core.workflow import proposals
from core.workflow.api import ActingView, ActorView, ProposalSerializer, Work
from filings import assignments, queries
from filings.api.application_serializers import OccupationSerializer
from filings.api.applications import papers_for
from filings.api.fields import OccupationField, levels
from filings.models import Assignment, Filing, FilingSite
from filings.workflow import assignments as workflow

TAGS = ["assignments"]


class AssignmentSerializer(serializers.ModelSerializer):
    """An assignment: an entry of a filing's scope in another area, dated; it takes no place."""

    name = serializers.CharField(source="filing.name", read_only=True)
    filing_code = serializers.CharField(source="filing.code", read_only=True)
    occupation = OccupationSerializer(read_only=True)
    levels = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    stands = serializers.SerializerMethodField(help_text="今天是否有效（按日期、备案和职业）")
    until = serializers.DateField(read_only=True, allow_null=True, help_text="不再有效的第一日")

    class Meta:
        model = Assignment
        fields = (
            "id",
            "filing",
            "filing_code",
            "name",
            "occupation",
            "quota_area",
            "levels",
            "site",
            "own_site",
            "reason",
            "state",
            "state_label",
            "offered_on",
            "answered_on",
            "answer",
            "since",
            "until",
            "ended_because",
            "stands",
        )
        read_only_fields = fields

    def get_stands(self, row: Assignment) -> bool:
        """On the portal's day."""
        return assignments.stands(row, self.context["actor"].on)


class OfferBody(serializers.Serializer):
    """Which agency, for what, where; one of `own_site` and `site`."""

    filing = serializers.PrimaryKeyRelatedField(queryset=Filing.objects.all(), pk_field=Id())
    occupation = OccupationField()
    quota_area = serializers.CharField(max_length=20, help_text="调配到的名额区域，如 汤阴县")
    levels = levels()
    own_site = serializers.PrimaryKeyRelatedField(
        queryset=FilingSite.objects.all(), pk_field=Id(), required=False, allow_null=True, default=None,
        help_text="机构的备案场地",
    )  # fmt: skip
    site = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="", help_text="不在备案场地评价的，写明地点"
    )
    reason = serializers.CharField(max_length=500, help_text="机构会看到")


class AssignmentAnswerBody(serializers.Serializer):
    """The agency's word to its answer."""

    answer = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class AssignmentReasonBody(serializers.Serializer):
    """Why; the agency reads it."""

    reason = serializers.CharField(max_length=500)


class SeenAssignment(ActorView):
    """A view of an assignment or of something below it."""

    def found(self, pk: int) -> Assignment:
        """Return one. Raises NotFound for whoever may not see it."""
        row = queries.assignments_visible_to(self.actor).filter(pk=pk).first()
        if row is None:
            raise NotFound("没有这件调配。")
        return row


class AssignmentPages(KeyedPages):
    """Newest first."""

    ordering = "-id"


class AssignmentList(ListAPIView, ActingView):
    """Those that the caller sees; a new offer."""

    serializer_class = AssignmentSerializer
    pagination_class = AssignmentPages

    def get_queryset(self) -> Any:
        """What the caller may see."""
        if getattr(self, "swagger_fake_view", False):
            return Assignment.objects.none()
        return queries.assignments_visible_to(self.actor)

    def get_serializer_context(self) -> dict[str, Any]:
        """With who asks, on which day."""
        return ActorView.get_serializer_context(self)

    @extend_schema(operation_id="assignments_list", summary="市内调配", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return those under way, in force and over, newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="assignments_offer",
        summary="提出调配，请机构答复",
        tags=TAGS,
        request=OfferBody,
        responses={201: AssignmentSerializer},
    )
    def post(self, request: Request) -> Response:
        """Offer it, as the centre's handler (M37)."""

        def prepare() -> Any:
            data = self.body(OfferBody)
            return None, lambda: workflow.offer(data.pop("filing"), **data, **self.by)

        return self.deed(request, f"{workflow.MATTER}.offer", prepare, AssignmentSerializer, status=201)


class AssignmentDetail(SeenAssignment):
    """One assignment."""

    @extend_schema(operation_id="assignments_read", summary="读取调配", tags=TAGS, responses=AssignmentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Return it."""
        return Response(self.shown(AssignmentSerializer, self.found(pk)))


class AssignmentDocuments(SeenAssignment):
    """Its papers."""

    @extend_schema(
        operation_id="assignments_documents", summary="文书", tags=TAGS, responses=DocumentSerializer(many=True)
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return the papers issued, with where their PDFs are and how they were served."""
        rows = papers_for(self.found(pk), self.actor)
        return Response(DocumentSerializer(rows, many=True, context=self.get_serializer_context()).data)


class _Act(ActingView, SeenAssignment):
    http_method_names = ["post", "options"]

    def alone(self, request: Request, pk: int, name: str, do: Callable[..., Any], body: type[Any]) -> Response:
        """One person's act."""

        def prepare() -> Any:
            row = self.found(pk)
            return row, lambda: do(row, **self.body(body), **self.by)

        return self.deed(request, f"{workflow.MATTER}.{name}", prepare, AssignmentSerializer)

    def proposed(self, request: Request, pk: int, name: str, body: type[Any] | None = None) -> Response:
        """What takes two: a proposal, which another person decides."""

        def prepare() -> Work:
            row = self.found(pk)
            payload = self.body(body) if body is not None else {}

            def run() -> tuple[int, Any]:
                made = proposals.propose(row, name, payload=payload, **self.by)
                return 201, self.shown(ProposalSerializer, made)

            return Work(f"{workflow.MATTER}.{name}", row, run)

        return self.perform(request, prepare)


class ConsentToAssignment(_Act):
    """Agreeing."""

    kinds = (OrganisationKind.AGENCY,)

    @extend_schema(
        operation_id="assignments_consent",
        summary="同意调配",
        tags=TAGS,
        request=AssignmentAnswerBody,
        responses=AssignmentSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Agree, as the agency's admin."""
        return self.alone(request, pk, "consent", workflow.consent, AssignmentAnswerBody)


class DeclineAssignment(_Act):
    """Declining."""

    kinds = (OrganisationKind.AGENCY,)

    @extend_schema(
        operation_id="assignments_decline",
        summary="不同意调配",
        tags=TAGS,
        request=AssignmentAnswerBody,
        responses=AssignmentSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Decline, as the agency's admin."""
        return self.alone(request, pk, "decline", workflow.decline, AssignmentAnswerBody)


class TakeBackAssignment(_Act):
    """Taking an offer back."""

    kinds = (OrganisationKind.CENTRE,)

    @extend_schema(
        operation_id="assignments_take_back",
        summary="取消调配（作出决定之前）",
        tags=TAGS,
        request=AssignmentReasonBody,
        responses=AssignmentSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take it back, as the centre's handler."""
        return self.alone(request, pk, "take_back", workflow.take_back, AssignmentReasonBody)


class MakeAssignment(_Act):
    """Assigning."""

    kinds = (OrganisationKind.CENTRE,)

    @extend_schema(
        operation_id="assignments_make",
        summary="调配（提议，另一人决定）",
        tags=TAGS,
        request=None,
        responses={201: ProposalSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Propose it, once the agency has agreed."""
        return self.proposed(request, pk, "make")


class EndAssignment(_Act):
    """Ending."""

    kinds = (OrganisationKind.CENTRE,)

    @extend_schema(
        operation_id="assignments_end",
        summary="结束调配（提议，另一人决定）",
        tags=TAGS,
        request=AssignmentReasonBody,
        responses={201: ProposalSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Propose to end it."""
        return self.proposed(request, pk, "end", AssignmentReasonBody)
