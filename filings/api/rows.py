"""The rows below the application: occupations, sites, training records, people. Written in a draft, and later while a
notice names their part."""

from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer

from core.workflow.api import Work
from filings.api.common import Acting, verb
from filings.api.content import ExamSiteSerializer, RecordSerializer, ScopeItemSerializer, StaffSerializer
from filings.models import Application
from filings.workflow.draft_rows import ROWS, Rows, add_row, remove_row, save_row

TAGS = ["draft rows"]


@dataclass(frozen=True)
class RowRoute:
    """One table of a draft as a sub-resource."""

    name: str
    serializer: type[ModelSerializer]
    label: str


ROUTES = (
    RowRoute("scope", ScopeItemSerializer, "申请的职业"),
    RowRoute("sites", ExamSiteSerializer, "考评场地"),
    RowRoute("records", RecordSerializer, "培训评价记录"),
    RowRoute("staff", StaffSerializer, "人员"),
)


class _Rows(Acting):
    """Rows of one table; `route` says which."""

    route: RowRoute

    @property
    def rows(self) -> Rows:
        return ROWS[self.route.name]

    def found(self, application: Application) -> Any:
        return getattr(application, self.route.name).all()

    def row(self, application: Application) -> Any:
        row = self.found(application).filter(pk=self.kwargs["row"]).first()
        if row is None:
            raise NotFound("没有这一行。")
        return row

    def sent(self, application: Application, row: Any = None) -> dict[str, Any]:
        context = {**self.get_serializer_context(), "application": application}
        sent = self.route.serializer(row, data=self.request.data, partial=row is not None, context=context)
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)


def _list_view(route: RowRoute) -> type[_Rows]:
    serializer = route.serializer

    class RowList(_Rows):
        @extend_schema(
            operation_id=f"applications_{route.name}_list",
            summary=route.label,
            tags=TAGS,
            responses=serializer(many=True),
        )
        def get(self, request: Request, pk: int) -> Response:
            """List the rows."""
            return self.listed(serializer, self.found(self.application()))

        @extend_schema(
            operation_id=f"applications_{route.name}_create",
            summary=f"添加{route.label}",
            tags=TAGS,
            request=serializer,
            responses={201: serializer},
        )
        def post(self, request: Request, pk: int) -> Response:
            """Add a row to a draft, or to a part that a notice named."""

            def prepare() -> Work:
                application, actor = self.application(), self.actor
                values = self.sent(application)

                def act() -> tuple[int, Any]:
                    row = add_row(application, self.rows, actor=actor, on=actor.on, values=values)
                    return 201, self.shown(serializer, row)

                return Work(verb("add_row"), application, act)

            return self.perform(request, prepare)

    RowList.route = route
    RowList.__name__ = f"{route.name.title()}List"
    return RowList


def _detail_view(route: RowRoute) -> type[_Rows]:
    serializer = route.serializer

    class RowDetail(_Rows):
        @extend_schema(
            operation_id=f"applications_{route.name}_read", summary=route.label, tags=TAGS, responses=serializer
        )
        def get(self, request: Request, pk: int, row: int) -> Response:
            """Return one row."""
            return Response(self.shown(serializer, self.row(self.application())))

        @extend_schema(
            operation_id=f"applications_{route.name}_update",
            summary=f"修改{route.label}",
            tags=TAGS,
            request=serializer(partial=True),
            responses=serializer,
        )
        def patch(self, request: Request, pk: int, row: int) -> Response:
            """Write some fields of a row of a draft, or of a part that a notice named."""

            def prepare() -> Work:
                application, actor = self.application(), self.actor
                values = self.sent(application, self.row(application))

                def act() -> tuple[int, Any]:
                    saved = save_row(application, self.rows, row, actor=actor, on=actor.on, values=values)
                    return 200, self.shown(serializer, saved)

                return Work(verb("save_row"), application, act)

            return self.perform(request, prepare)

        @extend_schema(
            operation_id=f"applications_{route.name}_delete",
            summary=f"移除{route.label}",
            tags=TAGS,
            responses={204: None},
        )
        def delete(self, request: Request, pk: int, row: int) -> Response:
            """Take a row out of a draft, or out of a part that a notice named."""

            def prepare() -> Work:
                application, actor = self.application(), self.actor
                self.row(application)

                def act() -> tuple[int, Any]:
                    remove_row(application, self.rows, row, actor=actor, on=actor.on)
                    return 204, None

                return Work(verb("remove_row"), application, act)

            return self.perform(request, prepare)

    RowDetail.route = route
    RowDetail.__name__ = f"{route.name.title()}Detail"
    return RowDetail


def patterns() -> list[URLPattern]:
    """The addresses below /applications/."""
    found = []
    for route in ROUTES:
        found.append(path(f"<int:pk>/{route.name}/", _list_view(route).as_view()))
        found.append(path(f"<int:pk>/{route.name}/<int:row>/", _detail_view(route).as_view()))
    return found
