"""Files and papers for programs, to those who may see their matter; to everybody else they do not exist."""

import uuid

from django.http import HttpResponseBase
from django.urls import path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts.sessions import current_actor
from core.documents import access, codes, serving
from core.documents.formats import EXTENSIONS, PDF
from core.documents.models import DocumentState, OfficialDocument, Service, Upload


class UploadSerializer(serializers.ModelSerializer):
    """One version of a file handed in."""

    download = serializers.SerializerMethodField(help_text="下载地址")

    class Meta:
        model = Upload
        fields = ("id", "slot", "version", "name", "media_type", "size", "pages", "sha256", "on", "download")
        read_only_fields = fields

    def get_download(self, upload: Upload) -> str:
        """The address of the file itself."""
        return reverse("api-file", args=[upload.pk])


class AttemptSerializer(serializers.Serializer):
    """How service was tried before, and why it failed."""

    method = serializers.CharField()
    on = serializers.DateField()
    why = serializers.CharField()


class ServiceSerializer(serializers.ModelSerializer):
    """How and when a paper was served."""

    method_label = serializers.CharField(source="get_method_display", read_only=True)
    no_effect = serializers.CharField(read_only=True, help_text="不再生效的原因；公告期未满的，未生效而无原因")
    attempts = AttemptSerializer(many=True, read_only=True, help_text="此前的送达")

    class Meta:
        model = Service
        fields = ("method", "method_label", "served_on", "took_effect", "no_effect", "note", "attempts")
        read_only_fields = fields


class DocumentSerializer(serializers.ModelSerializer):
    """An official paper: the row; its PDF is at `download` once it is ready."""

    issuer = serializers.CharField(source="issuer_name", read_only=True)
    addressee = serializers.CharField(source="addressee_name", read_only=True)
    ready = serializers.SerializerMethodField(help_text="PDF 已生成")
    service = serializers.SerializerMethodField(help_text="送达情况，未送达为空")
    download = serializers.SerializerMethodField(help_text="下载地址")

    class Meta:
        model = OfficialDocument
        fields = (
            "id",
            "series",
            "title",
            "number",
            "issuer",
            "addressee",
            "on",
            "code",
            "ready",
            "pdf_sha256",
            "service",
            "download",
        )
        read_only_fields = fields

    def get_ready(self, paper: OfficialDocument) -> bool:
        """Whether the PDF can be had."""
        return paper.state == DocumentState.ISSUED

    def get_service(self, paper: OfficialDocument) -> ServiceSerializer(allow_null=True):  # type: ignore[valid-type]
        """The service, None where it was not served yet."""
        service = getattr(paper, "service", None)
        return ServiceSerializer(service).data if service else None

    def get_download(self, paper: OfficialDocument) -> str:
        """The address of the PDF."""
        return reverse("api-paper", args=[paper.code])


DOWNLOAD = OpenApiParameter("download", bool, description="存为附件")


class FileView(APIView):
    """A file handed in."""

    @extend_schema(
        operation_id="files_read",
        summary="下载上传的文件",
        tags=["documents"],
        parameters=[DOWNLOAD],
        responses={(200, media_type): OpenApiTypes.BINARY for media_type in EXTENSIONS},
    )
    def get(self, request: Request, pk: uuid.UUID) -> HttpResponseBase:
        """Stream one version; an officer's look is recorded."""
        found = Upload.objects.filter(pk=pk).first()
        actor = current_actor(request._request)
        if found is None or actor is None or not access.may_read(actor, found):
            raise NotFound("没有这个文件。")
        serving.record_view(found, actor)
        return serving.respond(
            found.file, name=found.name, media_type=found.media_type, download="download" in request.query_params
        )


class PaperView(APIView):
    """The PDF of a paper."""

    @extend_schema(
        operation_id="papers_read",
        summary="下载文书的 PDF",
        tags=["documents"],
        parameters=[DOWNLOAD, OpenApiParameter("code", str, OpenApiParameter.PATH, description="核验码")],
        responses={
            (200, PDF): OpenApiTypes.BINARY,
            202: OpenApiResponse(description="文书正在生成，请稍候再取。"),
        },
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """Stream it; an officer's look is recorded. 202 while it is being made."""
        found = OfficialDocument.objects.filter(code=codes.normalise(code)).first()
        actor = current_actor(request._request)
        if found is None or actor is None or not access.may_read(actor, found):
            raise NotFound("没有这份文书。")
        if found.state != DocumentState.ISSUED:
            return Response(status=202, headers={"Retry-After": "3"})
        serving.record_view(found, actor)
        name = f"{found.title} {found.number}.pdf"
        return serving.respond(found.file, name=name, media_type=PDF, download="download" in request.query_params)


# Below /api/v1/.
urlpatterns = [
    path("files/<uuid:pk>/", FileView.as_view(), name="api-file"),
    path("papers/<str:code>/", PaperView.as_view(), name="api-paper"),
]
