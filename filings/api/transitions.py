"""Every transition by its literal address; what is open to the caller, and every reason against what is not."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.workflow import proposals
from core.workflow.api import ProposalSerializer, Work
from core.workflow.offers import offers
from core.workflow.spec import TransitionSpec, spec_for
from filings.api import bodies
from filings.api.application_serializers import ApplicationSerializer, OfferSerializer
from filings.api.common import MATTER, Acting, Below, verb
from filings.models import Application

TAGS = ["transitions"]


@dataclass(frozen=True)
class Route:
    """A transition's address and body. body: None where it takes nothing."""

    path: str
    name: str
    body: type[bodies.Body] | None = None


ROUTES = (
    Route("submit", "submit", bodies.SubmitBody),
    Route("request-correction", "request_correction", bodies.CorrectionBody),
    Route("extend-correction", "extend_correction", bodies.ExtensionBody),
    Route("resubmit", "resubmit"),
    Route("accept", "accept"),
    Route("decline", "decline", bodies.DeclineBody),
    Route("recommend", "recommend", bodies.OpinionBody),
    Route("start-assessment", "start_assessment", bodies.StartBody),
    Route("late-opinion", "give_late_opinion", bodies.OpinionBody),
    Route("request-opinion", "request_opinion"),
    Route("opinion", "give_opinion", bodies.OpinionBody),
    Route("confirm-items", "confirm_items", bodies.ConfirmItemsBody),
    Route("invite-supplements", "invite_supplements", bodies.InviteBody),
    Route("supply-supplements", "supply_supplements"),
    Route("request-override", "request_override", bodies.OverrideRequestBody),
    Route("override-cap", "override_cap", bodies.OverrideBody),
    Route("approve", "approve", bodies.ApproveBody),
    Route("refuse", "refuse", bodies.RefuseBody),
    Route("set-aside", "set_aside", bodies.SetAsideBody),
    Route("reinstate", "reinstate", bodies.ReinstateBody),
    Route("withdraw", "withdraw", bodies.WithdrawBody),
)
NAMES = {route.name: route.path for route in ROUTES}


class Transitions(Below):
    """What can be done now."""

    @extend_schema(
        operation_id="applications_transitions",
        summary="现在可以办理的事项，以及不能办理的全部理由",
        tags=TAGS,
        responses=OfferSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return every transition: open to the caller, or with every reason against it."""
        found = self.application()
        proposal = proposals.open_for(found)
        return self.listed(
            OfferSerializer,
            offers(found, self.actor, self.actor.on),
            names=NAMES,
            at=f"applications/{found.pk}",
            proposal=proposal.pk if proposal else None,
        )


class _Transition(Acting):
    """One transition; `route` says which."""

    http_method_names = ["post", "options"]
    route: Route

    def transit(self, request: Request) -> Response:
        def prepare() -> Work:
            found, rule = self.application(), _rule(self.route)
            body = self.route.body
            data = self.body(body) if body else {}
            payload = body().payload(data) if body else {}
            act = partial(self._propose if rule.takes_two else self._act, found, rule, payload, data)
            return Work(verb(self.route.name), found, act)

        return self.perform(request, prepare)

    def _act(self, found: Application, rule: TransitionSpec, payload: Any, data: Any) -> tuple[int, Any]:
        rule.execute(found, actor=self.actor, on=self.actor.on, **payload)
        return 200, self.whole(found)

    def _propose(self, found: Application, rule: TransitionSpec, payload: Any, data: Any) -> tuple[int, Any]:
        proposal = proposals.propose(
            found,
            rule.name,
            actor=self.actor,
            on=self.actor.on,
            payload=payload,
            reason=data.get("proposal_reason", ""),
        )
        return 201, self.shown(ProposalSerializer, proposal)


def _rule(route: Route) -> TransitionSpec:
    return spec_for(MATTER).transitions[route.name]


def _view(route: Route) -> Callable[..., Any]:
    two = bool(route.body and issubclass(route.body, bodies.ProposedBody))

    class TransitionView(_Transition):
        @extend_schema(
            operation_id=f"applications_{route.path.replace('-', '_')}",
            summary=_rule(route).label + ("（提议，另一人决定）" if two else ""),
            tags=TAGS,
            request=route.body,
            responses={201: ProposalSerializer} if two else {200: ApplicationSerializer},
        )
        def post(self, request: Request, pk: int) -> Response:
            return self.transit(request)

    TransitionView.route = route
    TransitionView.__doc__ = f"{route.name.replace('_', ' ').capitalize()}."
    return TransitionView.as_view()


def patterns() -> list[URLPattern]:
    """The addresses below /applications/."""
    return [path(f"<int:pk>/transitions/{route.path}/", _view(route)) for route in ROUTES]
