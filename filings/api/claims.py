"""Claims on a credit code: made with licence and authorisation by the agency, checked by the county."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind
from core.api.serializers import OrganisationSerializer
from core.documents.api import UploadSerializer
from core.workflow.api import ActingView, ActorView, Work, plain
from filings import permissions, workflow
from filings.api.bodies import FileBody, RejectBody
from filings.enums import ClaimState
from filings.models import Claim
from filings.workflow.claims import SLOTS, papers

TAGS = ["claims"]
MATTER = "filings.claim"


class ClaimSerializer(serializers.ModelSerializer):
    """A claim on a credit code (机构身份核实)."""

    organisation = OrganisationSerializer(read_only=True)
    credit_code = serializers.CharField(source="organisation.credit_code", read_only=True)
    county = OrganisationSerializer(read_only=True)
    state = serializers.ChoiceField(choices=ClaimState.choices, read_only=True)
    licence = serializers.SerializerMethodField(help_text="登记证照")
    authorisation = serializers.SerializerMethodField(help_text="授权委托书")

    class Meta:
        model = Claim
        fields = (
            "id",
            "organisation",
            "credit_code",
            "county",
            "state",
            "made_on",
            "decided_on",
            "reason",
            "licence",
            "authorisation",
        )
        read_only_fields = fields

    def _paper(self, claim: Claim, slot: str) -> Any:
        upload = papers(claim)[slot]
        return UploadSerializer(upload).data if upload else None

    @extend_schema_field(UploadSerializer(allow_null=True))
    def get_licence(self, claim: Claim) -> Any:
        """The newest version."""
        return self._paper(claim, "licence")

    @extend_schema_field(UploadSerializer(allow_null=True))
    def get_authorisation(self, claim: Claim) -> Any:
        """The newest version."""
        return self._paper(claim, "authorisation")


def claims_of(actor: Actor) -> list[Claim]:
    """Return the claims that the actor may see, newest first: one's own, one's county's, and those stepped in for."""
    rows = Claim.objects.select_related("organisation", "county").order_by("-id")
    if actor.kind in (OrganisationKind.AGENCY, OrganisationKind.COUNTY):
        mine = Q(organisation_id=actor.organisation_id) | Q(county_id=actor.organisation_id)
        return list(rows.filter(mine)[:200])
    waiting = rows.filter(state=ClaimState.PENDING)
    return [claim for claim in waiting if permissions.may_view_claim(actor, claim)]


class ClaimList(ActingView):
    """Claims."""

    @extend_schema(operation_id="claims_list", summary="机构身份核实", tags=TAGS, responses=ClaimSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return those that the caller may see, newest first, at most 200."""
        return Response([plain(ClaimSerializer(claim)) for claim in claims_of(self.actor)])

    @extend_schema(
        operation_id="claims_create",
        summary="申请核实机构身份",
        tags=TAGS,
        request=None,
        responses={201: ClaimSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ask the county of the seat to check that the credit code is the caller's own."""

        def prepare() -> Work:
            actor = self.actor

            def act() -> tuple[int, Any]:
                assert actor.organisation is not None
                claim = workflow.make_claim(actor.organisation, actor=actor, on=actor.on)
                return 201, plain(ClaimSerializer(claim))

            return Work(f"{MATTER}.make", None, act)

        return self.perform(request, prepare)


class ClaimPaper(ActingView):
    """Licence and authorisation."""

    parser_classes = [MultiPartParser]
    kinds = (OrganisationKind.AGENCY,)

    @extend_schema(
        operation_id="claims_hand_in_paper",
        summary="上传登记证照或授权委托书",
        tags=TAGS,
        parameters=[OpenApiParameter("slot", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(SLOTS))],
        request={"multipart/form-data": FileBody},
        responses=UploadSerializer,
    )
    def put(self, request: Request, slot: str) -> Response:
        """Take it into the claim that waits, making one where none does."""

        def prepare() -> Work:
            actor, file = self.actor, self.body(FileBody)["file"]
            if slot not in SLOTS:
                raise NotFound("没有这一项证件。")

            def act() -> tuple[int, Any]:
                assert actor.organisation is not None
                upload = workflow.hand_in_paper(actor.organisation, slot, file, actor=actor, on=actor.on)
                return 200, plain(UploadSerializer(upload))

            return Work(f"{MATTER}.upload", None, act)

        return self.perform(request, prepare)


class _One(ActorView):
    def claim(self, pk: int) -> Claim:
        """Return the claim. Raises NotFound for whoever may not see it."""
        found = Claim.objects.select_related("organisation", "county").filter(pk=pk).first()
        if found is None or not permissions.may_view_claim(self.actor, found):
            raise NotFound("没有这件身份核实。")
        return found


class ClaimDetail(_One):
    """One claim."""

    @extend_schema(operation_id="claims_read", summary="读取身份核实", tags=TAGS, responses=ClaimSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Return it with its papers."""
        return Response(plain(ClaimSerializer(self.claim(pk))))


class _Check(ActingView, _One):
    def check(self, request: Request, pk: int, name: str, work: Callable[[Claim], Any]) -> Response:
        def prepare() -> Work:
            claim = self.claim(pk)

            def act() -> tuple[int, Any]:
                work(claim)
                return 200, plain(ClaimSerializer(claim))

            return Work(f"{MATTER}.{name}", claim, act)

        return self.perform(request, prepare)


class Confirm(_Check):
    """Confirming."""

    @extend_schema(
        operation_id="claims_confirm", summary="核实通过", tags=TAGS, request=None, responses=ClaimSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """Confirm that the code is the agency's."""
        return self.check(
            request, pk, "confirm", lambda claim: workflow.confirm_claim(claim, actor=self.actor, on=self.actor.on)
        )


class Reject(_Check):
    """Rejecting."""

    @extend_schema(
        operation_id="claims_reject", summary="核实不通过", tags=TAGS, request=RejectBody, responses=ClaimSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """Reject it with its reason."""

        def work(claim: Claim) -> None:
            reason = self.body(RejectBody)["reason"]
            workflow.reject_claim(claim, actor=self.actor, on=self.actor.on, reason=reason)

        return self.check(request, pk, "reject", work)
