"""A filing's end through the API: grounds of a deregistration, its proposal, papers, course, and service."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.actors import AUTHORITIES
from core.accounts.models import OrganisationKind
from core.documents.api import DocumentSerializer, UploadSerializer
from core.web.pagination import KeyedPages
from core.workflow import proposals
from core.workflow.api import ActingView, ActorView, ProposalSerializer, Work
from core.workflow.offers import offers
from filings import pending, permissions, timeline, workflow
from filings.api.application_serializers import OfferSerializer
from filings.api.applications import papers_for
from filings.api.bodies import AskDeregistrationBody, CeasedBody, DeregisterBody
from filings.api.course_serializers import EntrySerializer
from filings.models import Deregistration, Filing

TAGS = ["filings"]
NAMES = {"deregister": "deregister"}


class DeregistrationSerializer(serializers.ModelSerializer):
    """Why a filing is to be deregistered, and what came of it."""

    ground_label = serializers.CharField(source="get_ground_display", read_only=True)
    standing = serializers.CharField(read_only=True, help_text="办理情况")
    undecided = serializers.BooleanField(read_only=True, help_text="等待决定，可以收回")
    proof = UploadSerializer(allow_null=True, read_only=True, help_text="法人终止的证明")
    document = serializers.CharField(source="document.number", default="", read_only=True, help_text="决定书文号")

    class Meta:
        model = Deregistration
        fields = (
            "id",
            "filing",
            "ground",
            "ground_label",
            "reason",
            "asked_on",
            "ceased_on",
            "proof",
            "taken_back_on",
            "document",
            "effective_on",
            "overtaken_on",
            "standing",
            "undecided",
        )
        read_only_fields = fields


class OfFiling(ActorView):
    """A view of a filing or of something below it."""

    def filing(self) -> Filing:
        """Return the filing of the address. Raises NotFound for whoever may not see it."""
        found = Filing.objects.select_related("agency", "area").filter(pk=self.kwargs["pk"]).first()
        if found is None or not permissions.may_view_filing(self.actor, found):
            raise NotFound("没有这件备案。")
        return found

    def listed(self, serializer_class: Any, rows: Any, **context: Any) -> Response:
        """Answer with a whole list."""
        given = serializer_class(rows, many=True, context={**self.get_serializer_context(), **context})
        return Response(given.data)


class ActingOnFiling(ActingView, OfFiling):
    """A view that acts on a filing."""

    def ground(self, act: Any, verb: str, request: Request, status: int = 200) -> Response:
        """Do what `act` makes ready (filing -> the deed) and answer with the ground that comes of it."""

        def prepare() -> Work:
            found = self.filing()
            deed = act(found)
            return Work(
                f"filings.filing.{verb}", found, lambda: (status, self.shown(DeregistrationSerializer, deed(**self.by)))
            )

        return self.perform(request, prepare)


class Deregistrations(ActingOnFiling):
    """The grounds of a deregistration."""

    @extend_schema(
        operation_id="filings_deregistrations",
        summary="注销的事由",
        tags=TAGS,
        responses=DeregistrationSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return them, newest first, with what came of each."""
        rows = self.filing().deregistrations.select_related("document", "proof")
        return self.listed(DeregistrationSerializer, rows.order_by("-id"))

    @extend_schema(
        operation_id="filings_ask_deregistration",
        summary="申请注销备案（机构管理员）",
        tags=TAGS,
        request=AskDeregistrationBody,
        responses={201: DeregistrationSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Ask for it; it can be taken back until it is decided."""

        def act(found: Filing) -> Any:
            return partial(workflow.ask_deregistration, found, **self.body(AskDeregistrationBody))

        return self.ground(act, "ask_deregistration", request, 201)


class RecordCeased(ActingOnFiling):
    """That the legal person has ceased."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="filings_record_ceased",
        summary="登记法人终止（市中心经办人）",
        tags=TAGS,
        request={"multipart/form-data": CeasedBody},
        responses={201: DeregistrationSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Record it, with its proof: the ground of deregistering ex officio."""

        def act(found: Filing) -> Any:
            return partial(workflow.record_ceased, found, **self.body(CeasedBody))

        return self.ground(act, "record_ceased", request, 201)


class TakeBackDeregistration(ActingOnFiling):
    """Taking a ground back."""

    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="filings_take_back_deregistration",
        summary="收回注销的事由",
        tags=TAGS,
        request=None,
        responses=DeregistrationSerializer,
    )
    def post(self, request: Request, pk: int, row: int) -> Response:
        """Take it back before it is decided, by whose side brought it."""

        def act(found: Filing) -> Any:
            ground = found.deregistrations.filter(pk=row).first()
            if ground is None:
                raise NotFound("没有这一项注销的事由。")
            return partial(workflow.take_back_deregistration, found, ground)

        return self.ground(act, "take_back_deregistration", request)


class FilingTransitions(OfFiling):
    """What can be done now."""

    @extend_schema(
        operation_id="filings_transitions",
        summary="现在可以办理的事项，以及不能办理的全部理由",
        tags=TAGS,
        responses=OfferSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return every transition: open to the caller, or with every reason against it."""
        found = self.filing()
        proposal = proposals.open_for(found)
        return self.listed(
            OfferSerializer,
            offers(found, self.actor, self.actor.on),
            names=NAMES,
            at=f"filings/{found.pk}",
            proposal=proposal.pk if proposal else None,
        )


class Deregister(ActingOnFiling):
    """Deregistering."""

    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="filings_deregister",
        summary="注销备案（提议，另一人决定）",
        tags=TAGS,
        request=DeregisterBody,
        responses={201: ProposalSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Propose it, as a handler of the centre."""

        def prepare() -> Work:
            found, data = self.filing(), self.body(DeregisterBody)

            def act() -> tuple[int, Any]:
                proposal = proposals.propose(
                    found, "deregister", payload=DeregisterBody().payload(data), reason=data["proposal_reason"],
                    **self.by,
                )  # fmt: skip
                return 201, self.shown(ProposalSerializer, proposal)

            return Work("filings.filing.deregister", found, act)

        return self.perform(request, prepare)


class FilingTimeline(OfFiling):
    """Timeline."""

    @extend_schema(
        operation_id="filings_timeline", summary="备案的经过", tags=TAGS, responses=EntrySerializer(many=True)
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return who did what when, oldest first, as the caller's side may see it."""
        return self.listed(EntrySerializer, timeline.entries(self.filing(), self.actor))


class FilingProposals(OfFiling):
    """Proposals about one filing."""

    @extend_schema(operation_id="filings_proposals", summary="提议", tags=TAGS, responses=ProposalSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Return all proposals, newest first, for the offices."""
        found = self.filing()
        if self.actor.kind not in AUTHORITIES:
            raise NotFound("没有这项内容。")
        rows = proposals.of(found).select_related("proposed_by__organisation", "decided_by__organisation")
        return self.listed(ProposalSerializer, rows)


class FilingDocuments(OfFiling):
    """Papers of the filing itself; its receipts are papers of the applications that led to them."""

    @extend_schema(operation_id="filings_documents", summary="文书", tags=TAGS, responses=DocumentSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Return the papers issued, with where their PDFs are and how they were served."""
        return self.listed(DocumentSerializer, papers_for(self.filing(), self.actor))


class WaitingPages(KeyedPages):
    """The oldest first."""

    ordering = "id"


@extend_schema_view(get=extend_schema(operation_id="deregistrations_list", summary="等待办理的注销", tags=TAGS))
class WaitingDeregistrations(ListAPIView, ActorView):
    """The grounds that wait for their decision or its service, the oldest first."""

    serializer_class = DeregistrationSerializer
    pagination_class = WaitingPages
    kinds = (OrganisationKind.CENTRE, OrganisationKind.BUREAU)

    def get_queryset(self) -> QuerySet[Deregistration]:
        """What the caller may see."""
        if getattr(self, "swagger_fake_view", False):
            return Deregistration.objects.none()
        return pending.deregistrations(self.actor).select_related("proof")

    def get_serializer_context(self) -> dict[str, Any]:
        """With who asks, on which day."""
        return ActorView.get_serializer_context(self)
