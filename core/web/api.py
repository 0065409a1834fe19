"""How the API describes itself: the problems each operation may answer with, the key of those that act."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from core.web.problems import CONTENT_TYPE, TITLES, ProblemSerializer

Direction = Literal["request", "response"]

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,80}$"},
    OpenApiParameter.HEADER,
    description="同一用户、同一地址、同一个键只办理一次，重发得到同样的答复；换了内容的，答复 422。",
)


class Schema(AutoSchema):
    """Declares on each operation the problem documents that it may answer with, and the key of those that act.

    A view that acts has `acts = True` (core.workflow.api.ActingView), one that counts its callers `limited = True`
    (registry.open_access.OpenAccess).
    """

    def get_override_parameters(self) -> list[Any]:
        """The Idempotency-Key header, where one is heeded."""
        heeded = getattr(self.view, "acts", False) and self.method in ("POST", "PUT", "PATCH")
        return [IDEMPOTENCY_KEY] if heeded else []

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._problems():
            if str(status) not in responses:
                problem = OpenApiResponse(ProblemSerializer, description=TITLES[status])
                responses[str(status)] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                    problem, str(status), media_types=[CONTENT_TYPE], direction=direction
                )
        return dict(sorted(responses.items()))

    def _problems(self) -> list[int]:
        acts = self.method not in SAFE_METHODS
        found = []
        if not any(isinstance(one, AllowAny) for one in self.view.get_permissions()):
            found += [401, 403]
        if acts or self._is_list_view() or getattr(self.view, "filterset_class", None):
            found += [400]
        if "{" in self.path or getattr(self.view, "pagination_class", None):
            found += [404]
        if acts:
            found += [415]
        if acts and getattr(self.view, "acts", False):
            found += [409, 422]
        if getattr(self.view, "limited", False):
            found += [429]
        return found


def problems(*statuses: int) -> dict[Any, Any]:
    """Declare problem documents that an operation answers with besides those that `Schema` sees by itself."""
    return {
        (status, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description=TITLES[status]) for status in statuses
    }


@extend_schema(exclude=True)
class Nowhere(APIView):
    """What is no address of the API is answered as a problem too, not as a page."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """There is nothing here, whatever the method."""
        raise NotFound("没有这个接口地址，请查阅接口说明 /api/docs/。")
