"""What every acting route of the API does, and the proposals that two people handle."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from core.accounts import step_up
from core.accounts.actors import AUTHORITIES, Actor
from core.accounts.sessions import current_actor, fits
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.documents import uploads
from core.workflow import idempotency, proposals
from core.workflow.attempts import attempt
from core.workflow.models import Proposal, ProposalState
from core.workflow.spec import settles_until, spec_for

_KEY = re.compile(r"[!-~]{1,80}")
KEY_HEADER = "Idempotency-Key"


def plain(serializer: BaseSerializer) -> Any:
    """Return what a serializer says as plain JSON, as it is sent and kept."""
    return json.loads(JSONRenderer().render(serializer.data))


@dataclass(frozen=True)
class Work:
    """What a request wants done: the attempt's verb, the matter, the act (status and JSON), what to settle before."""

    verb: str
    matter: Any
    act: Callable[[], tuple[int, Any]]
    settle: Callable[[], None] | None = None


class ActorView(APIView):
    """A view that knows who asks. kinds, roles: whom it lets in, as `signed_in` does for pages; none named: all."""

    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let nobody of another kind or role in, nor act whoever has to prove itself first."""
        super().initial(request, *args, **kwargs)
        if (self.kinds or self.roles) and not fits(self.actor, self.kinds, self.roles):
            raise PermissionDenied("您当前的岗位不能使用这个接口。")
        step_up.require(request._request, request.auth, self.actor)

    @property
    def actor(self) -> Actor:
        """Who asks; authentication lets nobody else in."""
        actor = current_actor(self.request._request)
        if actor is None:
            raise PermissionDenied("请先选择岗位，再使用接口。")
        return actor

    def get_serializer_context(self) -> dict[str, Any]:
        """What serializers need to know who reads."""
        return {"request": self.request, "view": self, "actor": self.actor}

    def shown(self, serializer_class: Any, row: Any, **context: Any) -> Any:
        """Return one thing, or with `many=True` a list, as plain JSON."""
        many = context.pop("many", False)
        return plain(serializer_class(row, many=many, context={**self.get_serializer_context(), **context}))


class ActingView(ActorView):
    """A view that acts: once per Idempotency-Key, lapses settled before, a refused attempt recorded after."""

    acts = True

    def perform(self, request: Request, prepare: Callable[[], Work]) -> Response:
        """Do what `prepare` finds is wanted, or answer as before where this key was answered already.

        In order: the earlier answer to this key; `prepare` (finds the matter, checks the body's form); lapses, in
        transactions of their own; a look at the files, outside of any; then the act, in one transaction with the key's
        row. A refusal is recorded.
        """
        actor = self.actor
        assert actor.user is not None
        key = self._key(request)
        route = f"{request.method} {request.path}"
        body = {"position": actor.position.pk if actor.position else None, "data": _fingerprint(request)} if key else {}
        if key and (answered := idempotency.given(actor.user, route, key, body)):
            return Response(answered[1], status=answered[0])
        work = prepare()

        def run() -> tuple[int, Any]:
            if work.settle is not None:
                work.settle()
            elif work.matter is not None:
                lapses.settle(*matter_key(work.matter), settles_until(work.matter, actor=actor, on=actor.on))
            if not key:
                return work.act()
            for file in request.FILES.values():
                uploads.look_at(file, actor.on)
            return idempotency.once(actor.user, route, key, body, work.act)  # type: ignore[arg-type]

        status, answer = attempt(work.verb, actor, work.matter, run)
        return Response(answer, status=status)

    def deed(
        self,
        request: Request,
        verb: str,
        prepare: Callable[[], tuple[Any, Callable[[], Any]]],
        answer: type[BaseSerializer],
        *,
        status: int = 200,
    ) -> Response:
        """Do one thing that no clock waits for: `prepare` gives what it is about and the act, `answer` shows the row
        that comes of it."""

        def work() -> Work:
            matter, act = prepare()
            return Work(verb, matter, lambda: (status, self.shown(answer, act())), settle=lambda: None)

        return self.perform(request, work)

    @property
    def by(self) -> dict[str, Any]:
        """Who acts and on which day, as workflow functions take them."""
        return {"actor": self.actor, "on": self.actor.on}

    def _key(self, request: Request) -> str:
        key = request.headers.get(KEY_HEADER, "")
        if key and not _KEY.fullmatch(key):
            raise serializers.ValidationError({KEY_HEADER: "请用1至80个可见的半角字符，不含空格。"})
        return str(key)

    def body(self, serializer_class: type[serializers.Serializer], **context: Any) -> dict[str, Any]:
        """Return the request's body, checked for its form. Raises ValidationError (400)."""
        sent = serializer_class(data=self.request.data, context={**self.get_serializer_context(), **context})
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)


def _fingerprint(request: Request) -> Any:
    """The body as it can be hashed, before anything in it was checked; of a file its name and hash."""
    data = request.data
    if not hasattr(data, "lists"):
        return json.dumps(data, sort_keys=True)
    return {name: [_value(value) for value in values] for name, values in data.lists()}


def _value(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return ascii(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return {"name": ascii(value.name), "sha256": digest.hexdigest()}


# Proposals


class ProposalSerializer(serializers.ModelSerializer):
    """What one person proposed, and what another said to it."""

    transition_label = serializers.SerializerMethodField(help_text="事项")
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    proposed_by = serializers.CharField(source="proposed_by.__str__", read_only=True, help_text="提议人的岗位")
    decided_by = serializers.SerializerMethodField(help_text="决定人的岗位，未决定时为空")
    payload = serializers.SerializerMethodField(help_text="该事项的内容；没有调用者看不到的申请")

    class Meta:
        model = Proposal
        fields = (
            "id",
            "matter_type",
            "matter_id",
            "transition",
            "transition_label",
            "payload",
            "reason",
            "state",
            "state_label",
            "proposed_by",
            "proposed_on",
            "decided_by",
            "decided_on",
            "answer",
        )
        read_only_fields = fields

    def get_transition_label(self, proposal: Proposal) -> str:
        """The transition in words."""
        return spec_for(proposal.matter_type).transitions[proposal.transition].label

    def get_decided_by(self, proposal: Proposal) -> str:
        """Who decided or returned it."""
        return str(proposal.decided_by) if proposal.decided_by else ""

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_payload(self, proposal: Proposal) -> Any:
        """The content proposed, as far as the caller's side reads it."""
        return spec_for(proposal.matter_type).payload_read(self.context["actor"], proposal.payload)


class ReturnSerializer(serializers.Serializer):
    """Why a proposal is given back."""

    answer = serializers.CharField(max_length=2000, help_text="退回的理由")


class ProposalView(ActorView):
    """One proposal, for the officers who see its matter."""

    def proposal(self, pk: int) -> Proposal:
        """Return the proposal. Raises NotFound for who may not see it: proposals are the offices' own."""
        found = Proposal.objects.select_related("proposed_by__organisation", "decided_by__organisation").filter(pk=pk)
        proposal = found.first()
        if proposal is not None and self.actor.kind in AUTHORITIES:
            spec = spec_for(proposal.matter_type)
            if spec.may_view(self.actor, proposals.matter_of(proposal)):
                return proposal
        raise NotFound("没有这项提议。")

    @extend_schema(operation_id="proposals_read", summary="读取提议", tags=["proposals"], responses=ProposalSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Return it."""
        return Response(self.shown(ProposalSerializer, self.proposal(pk)))


class _Handle(ActingView, ProposalView):
    """Handling an open proposal; `verb` as in the audit trail."""

    http_method_names = ["post", "options"]
    verb = ""

    def handle(self, request: Request, pk: int, act: Callable[[Proposal], Any], *, checked: bool = False) -> Response:
        def prepare() -> Work:
            proposal = self.proposal(pk)
            matter = proposals.matter_of(proposal)
            actor = self.actor

            def run() -> tuple[int, Any]:
                act(proposal)
                return 200, self.shown(ProposalSerializer, proposal)

            def settle() -> None:
                lapses.settle(proposal.matter_type, proposal.matter_id, actor.on)
                proposal.refresh_from_db()
                # What this finds (content changed since) has to stand even though the decision is refused.
                if checked and proposal.state == ProposalState.OPEN:
                    proposals.require_decidable(proposal, actor=actor, on=actor.on)

            return Work(f"{proposal.matter_type}.{proposal.transition}.{self.verb}", matter, run, settle)

        return self.perform(request, prepare)


class DecideView(_Handle):
    """Deciding."""

    verb = "decide"

    @extend_schema(
        operation_id="proposals_decide",
        summary="同意提议，办理该事项",
        tags=["proposals"],
        request=None,
        responses=ProposalSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Run the proposed transition, as the deciding office's chief and not the proposer."""
        return self.handle(
            request, pk, lambda found: proposals.decide(found, actor=self.actor, on=self.actor.on), checked=True
        )


class ReturnView(_Handle):
    """Giving back."""

    verb = "return"

    @extend_schema(
        operation_id="proposals_return",
        summary="退回提议",
        tags=["proposals"],
        request=ReturnSerializer,
        responses=ProposalSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give it back to the proposer with an answer."""

        def act(found: Proposal) -> None:
            proposals.return_(found, actor=self.actor, on=self.actor.on, answer=self.body(ReturnSerializer)["answer"])

        return self.handle(request, pk, act)


class TakeBackView(_Handle):
    """Taking back."""

    verb = "take_back"

    @extend_schema(
        operation_id="proposals_take_back",
        summary="收回自己的提议",
        tags=["proposals"],
        request=None,
        responses=ProposalSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take one's own proposal back."""
        return self.handle(request, pk, lambda found: proposals.take_back(found, actor=self.actor, on=self.actor.on))
