"""Materials, parts of the form, and their marks; requests and the agency's answers; service of papers."""

from typing import Any

from django.core.files.base import ContentFile
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.documents import formats, serving
from core.refusals import NotPossible, Reason
from core.workflow.api import Work
from filings import permissions, pledge_form, workflow
from filings.api.bodies import AnswerBody, FileBody, ReasonBody
from filings.api.common import Acting, Below, FileOnly, Multipart, known, nameable, verb
from filings.api.review_serializers import (
    MarkSerializer,
    MaterialSerializer,
    PartMarkSerializer,
    PartSerializer,
    RequestItemSerializer,
    RequestSerializer,
)
from filings.corrections import open_parts
from filings.models import Application
from filings.models import Request as Notice
from filings.parts import NAMEABLE, PARTS
from regulation.materials import MATERIALS

TAGS = ["materials"]
MATERIAL = OpenApiParameter("material", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(MATERIALS))
ITEM = OpenApiParameter("item", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(NAMEABLE))
PART = OpenApiParameter("part", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(PARTS))


class MaterialList(Below):
    """The six materials."""

    @extend_schema(
        operation_id="applications_materials_list",
        summary="申请材料",
        tags=TAGS,
        responses=MaterialSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """List them in the Measure's order."""
        return self.listed(MaterialSerializer, self.application().materials.select_related("upload"))


class PledgeForm(Below):
    """The blank pledge."""

    @extend_schema(
        operation_id="applications_pledge_form",
        summary="承诺书空白样式（PDF）",
        tags=TAGS,
        responses={(200, formats.PDF): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> FileResponse:
        """Return the text of the pledge to print and sign, with the agency's name and credit code, for the agency."""
        found = self.application()
        if not permissions.acts_for_agency.test(self.actor, found):
            raise NotFound("没有这项内容。")
        return serving.respond(ContentFile(pledge_form.pdf(found)), name=pledge_form.FILE_NAME, media_type=formats.PDF)


class MaterialDetail(FileOnly):
    """One material."""

    @extend_schema(
        operation_id="applications_materials_read",
        summary="读取一项材料",
        tags=TAGS,
        parameters=[MATERIAL],
        responses=MaterialSerializer,
    )
    def get(self, request: Request, pk: int, material: str) -> Response:
        """Return it with its newest version."""
        return Response(self._one(self.application(), known(material)))

    @extend_schema(
        operation_id="applications_materials_replace",
        summary="上传一项材料",
        tags=TAGS,
        parameters=[MATERIAL],
        request={"multipart/form-data": FileBody},
        responses=MaterialSerializer,
    )
    def put(self, request: Request, pk: int, material: str) -> Response:
        """Take a file as its newest version, in a draft."""
        return self._upload(request, material)

    @extend_schema(
        operation_id="applications_materials_upload",
        summary="上传一项材料（同 PUT）",
        tags=TAGS,
        parameters=[MATERIAL],
        request={"multipart/form-data": FileBody},
        responses=MaterialSerializer,
    )
    def post(self, request: Request, pk: int, material: str) -> Response:
        """The same, for forms that cannot PUT."""
        return self._upload(request, material)

    def _upload(self, request: Request, material: str) -> Response:
        def prepare() -> Work:
            found, actor, file = self.application(), self.actor, self.body(FileBody)["file"]
            known(material)

            def act() -> tuple[int, Any]:
                workflow.upload_material(found, material, file, actor=actor, on=actor.on)
                return 200, self._one(found, material)

            return Work(verb("upload"), found, act)

        return self.perform(request, prepare)

    def _one(self, application: Application, material: str) -> Any:
        row = application.materials.select_related("upload").get(key=material)
        return self.shown(MaterialSerializer, row)


class Mark(Acting):
    """The reviewer's mark: the receiving handler's, in assessment the centre handler's."""

    @extend_schema(
        operation_id="applications_materials_mark",
        summary="审核一项材料",
        tags=TAGS,
        parameters=[MATERIAL],
        request=MarkSerializer,
        responses=MaterialSerializer,
    )
    def put(self, request: Request, pk: int, material: str) -> Response:
        """Mark a material complete or not, compliant or not, with a remark."""

        def prepare() -> Work:
            found, actor, data = self.application(), self.actor, self.body(MarkSerializer)
            known(material)

            def act() -> tuple[int, Any]:
                workflow.mark_material(found, material, actor=actor, on=actor.on, **{"remark": "", **data})
                row = found.materials.select_related("upload").get(key=material)
                return 200, self.shown(MaterialSerializer, row)

            return Work(verb("mark"), found, act)

        return self.perform(request, prepare)


class PartList(Below):
    """The parts of the form."""

    @extend_schema(
        operation_id="applications_parts_list",
        summary="申请内容的各部分",
        tags=TAGS,
        responses=PartSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """List them, each with its mark and whether the agency may edit it now."""
        found = self.application()
        marks = {mark.key: mark for mark in found.part_marks.all()}
        return self.listed(PartSerializer, PARTS.values(), marks=marks, open_parts=open_parts(found))


class PartMarkDetail(Acting):
    """The receiving handler's mark on a part."""

    @extend_schema(
        operation_id="applications_parts_mark",
        summary="审核一部分申请内容",
        tags=TAGS,
        parameters=[PART],
        request=PartMarkSerializer,
        responses=PartMarkSerializer,
    )
    def put(self, request: Request, pk: int, part: str) -> Response:
        """Mark a part as in order or to be corrected, with a remark."""

        def prepare() -> Work:
            found, actor, data = self.application(), self.actor, self.body(PartMarkSerializer)
            if part not in PARTS:
                raise NotFound("没有这一项申请内容。")

            def act() -> tuple[int, Any]:
                mark = workflow.mark_part(found, part, actor=actor, on=actor.on, **{"remark": "", **data})
                return 200, self.shown(PartMarkSerializer, mark)

            return Work(verb("mark_part"), found, act)

        return self.perform(request, prepare)


class RequestList(Below):
    """Correction notices and invitations to supplement."""

    @extend_schema(
        operation_id="applications_requests_list",
        summary="补正和补充要求",
        tags=TAGS,
        responses=RequestSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """List them with their items and answers, oldest first."""
        rows = (
            self.for_sides()
            .requests.select_related("document")
            .prefetch_related("items__upload", "items__request__application")
        )
        return self.listed(RequestSerializer, rows)


class _OnRequest(Acting):
    """Something done about an open request."""

    def notice(self, application: Application) -> Notice:
        """Return the request of the address."""
        found = application.requests.filter(pk=self.kwargs["request_id"]).first()
        if found is None:
            raise NotFound("没有这项补正或补充要求。")
        return found

    def require_waiting(self, notice: Notice) -> None:
        """Raise NotPossible once it is answered: what comes now would go into another one."""
        notice.refresh_from_db()
        if notice.answered_on:
            raise NotPossible(Reason("answered", "这项要求已经答复，不能再改。"))


class Answer(_OnRequest, Multipart):
    """The agency's answer to one item."""

    @extend_schema(
        operation_id="applications_requests_answer",
        summary="答复一项补正或补充要求",
        tags=TAGS,
        parameters=[ITEM],
        request={"multipart/form-data": AnswerBody, "application/json": AnswerBody},
        responses=RequestItemSerializer,
    )
    def put(self, request: Request, pk: int, request_id: int, item: str) -> Response:
        """Answer with words, a material with a file too; a part of the form also by editing it. Handed in by resubmit
        or supply-supplements."""

        def prepare() -> Work:
            found, actor, data = self.for_sides(), self.actor, self.body(AnswerBody)
            notice = self.notice(found)
            nameable(item)

            def act() -> tuple[int, Any]:
                self.require_waiting(notice)
                answered = workflow.answer_item(
                    found, item, actor=actor, on=actor.on, answer=data["answer"], file=data.get("file")
                )
                return 200, self.shown(RequestItemSerializer, answered)

            return Work(verb("answer"), found, act)

        return self.perform(request, prepare)


class AskExtension(_OnRequest):
    """The agency asks for a longer correction period."""

    @extend_schema(
        operation_id="applications_requests_ask_extension",
        summary="申请延长补正期限",
        tags=TAGS,
        request=ReasonBody,
        responses=RequestSerializer,
    )
    def post(self, request: Request, pk: int, request_id: int) -> Response:
        """Ask with a reason; the receiving handler decides."""

        def prepare() -> Work:
            found, actor, data = self.for_sides(), self.actor, self.body(ReasonBody)
            notice = self.notice(found)

            def act() -> tuple[int, Any]:
                self.require_waiting(notice)
                asked = workflow.ask_extension(found, actor=actor, on=actor.on, reason=data["reason"])
                return 200, self.shown(RequestSerializer, asked)

            return Work(verb("ask_extension"), found, act)

        return self.perform(request, prepare)
