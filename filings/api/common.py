"""What the views share: the application a caller may see, and answers as plain JSON."""

from collections.abc import Callable
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.actors import AUTHORITIES
from core.documents.api import UploadSerializer
from core.documents.models import Upload
from core.workflow.api import ActingView, ActorView, Work
from filings import permissions
from filings.api.application_serializers import ApplicationSerializer
from filings.api.bodies import FileBody
from filings.models import Application
from filings.parts import NAMEABLE
from regulation.materials import MATERIALS

MATTER = "filings.application"


class Below(ActorView):
    """A view of an application or of something below it."""

    def application(self) -> Application:
        """Return the application of the address. Raises NotFound for whoever may not see it."""
        found = Application.objects.select_related("agency", "receiving", "area").filter(pk=self.kwargs["pk"]).first()
        if found is None or not permissions.may_view(self.actor, found):
            raise NotFound("没有这件申请。")
        return found

    def for_offices(self) -> Application:
        """The same, for officers: what offices keep among themselves does not exist for others."""
        found = self.application()
        if self.actor.kind not in AUTHORITIES:
            raise NotFound("没有这项内容。")
        return found

    def for_sides(self) -> Application:
        """The same, for officers and the agency, not for experts."""
        found = self.application()
        if self.actor.kind not in AUTHORITIES and self.actor.organisation_id != found.agency_id:
            raise NotFound("没有这项内容。")
        return found

    def listed(self, serializer_class: Any, rows: Any, **context: Any) -> Response:
        """Answer with a whole list."""
        given = serializer_class(rows, many=True, context={**self.get_serializer_context(), **context})
        return Response(given.data)


class Acting(ActingView, Below):
    """A view that acts on an application."""

    def whole(self, application: Application) -> Any:
        """The application as it stands now, as plain JSON."""
        fresh = Application.objects.select_related("agency", "receiving", "area").get(pk=application.pk)
        return self.shown(ApplicationSerializer, fresh)


class Multipart(Acting):
    """A view that takes files, or the same without a file as JSON."""

    parser_classes = [MultiPartParser, JSONParser]


class FileOnly(Acting):
    """A view that takes a file."""

    parser_classes = [MultiPartParser]

    def take(self, request: Request, name: str, act: Callable[..., Upload]) -> Response:
        """Take the file of a request to an office: act(application, file, actor=, on=) keeps it. Answers with it."""

        def prepare() -> Work:
            found, actor, file = self.for_offices(), self.actor, self.body(FileBody)["file"]

            def run() -> tuple[int, Any]:
                return 200, self.shown(UploadSerializer, act(found, file, actor=actor, on=actor.on))

            return Work(verb(name), found, run)

        return self.perform(request, prepare)


def known(material: str) -> str:
    """Return the material's key. Raises NotFound for one that is none of the six."""
    if material not in MATERIALS:
        raise NotFound("没有这一项材料。")
    return material


def nameable(key: str) -> str:
    """Return the key of a material or part. Raises NotFound for neither."""
    if key not in NAMEABLE:
        raise NotFound("没有这一项材料或申请内容。")
    return key


def verb(name: str) -> str:
    """The audit verb of something done in an application."""
    return f"{MATTER}.{name}"
