"""登记送达 through the API: one deed for the papers of applications, filings and assignments."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.documents.api import DocumentSerializer
from core.workflow.api import ActingView, Work
from filings.api.applications import papers_for
from filings.api.assignments import SeenAssignment
from filings.api.bodies import ServiceBody
from filings.api.common import Below
from filings.api.ending import OfFiling
from filings.workflow.serving import record_service, settles_until
from filings.workflow.steps import Matter


class _Service(ActingView):
    """Service of a paper."""

    http_method_names = ["post", "options"]
    parser_classes = [MultiPartParser]

    def matter(self) -> Matter:
        """Return what the address names. Raises NotFound for whoever may not see it."""
        raise NotImplementedError

    def post(self, request: Request, pk: int, document: int) -> Response:
        """Record service by hand, post, witness or announcement, with proof; `took_effect` tells whether in time."""

        def prepare() -> Work:
            found, data = self.matter(), self.body(ServiceBody)
            paper = next((one for one in papers_for(found, self.actor) if one.pk == document), None)
            if paper is None:
                raise NotFound("没有这份文书。")

            def act() -> tuple[int, Any]:
                record_service(found, paper, **self.by, **data)
                paper.refresh_from_db()
                return 200, self.shown(DocumentSerializer, paper)

            def settle() -> None:
                until = settles_until(paper, method=data["method"], served_on=data["served_on"], on=self.actor.on)
                lapses.settle(*matter_key(found), until)

            return Work(f"{matter_key(found)[0]}.serve", found, act, settle)

        return self.perform(request, prepare)


def _described(operation: str, tag: str) -> Any:
    schema = extend_schema(
        operation_id=f"{operation}_documents_serve",
        summary="登记送达",
        tags=[tag],
        request={"multipart/form-data": ServiceBody},
        responses=DocumentSerializer,
    )
    return extend_schema_view(post=schema)


@_described("applications", "documents")
class ApplicationService(_Service, Below):
    """Of an application's paper."""

    def matter(self) -> Matter:
        """For the offices and the agency; an expert finds none."""
        return self.for_sides()


@_described("filings", "filings")
class FilingService(_Service, OfFiling):
    """Of a filing's own paper."""

    def matter(self) -> Matter:
        """For whoever sees the filing."""
        return self.filing()


@_described("assignments", "assignments")
class AssignmentService(_Service, SeenAssignment):
    """Of an assignment's paper."""

    def matter(self) -> Matter:
        """For whoever sees the assignment."""
        return self.found(self.kwargs["pk"])
