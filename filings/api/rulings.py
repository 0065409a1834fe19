"""Rulings that set a decision aside: their scans, and what each undid."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.documents.api import UploadSerializer
from filings import workflow
from filings.api.bodies import FileBody
from filings.api.common import Below, FileOnly
from filings.models import SettingAside

TAGS = ["transitions"]


class SettingAsideSerializer(serializers.ModelSerializer):
    """What a ruling undid, and the state it led back to."""

    authority_label = serializers.CharField(source="get_authority_display", read_only=True)
    ruling = UploadSerializer(read_only=True, help_text="裁决文书的扫描件")
    from_label = serializers.CharField(source="get_from_state_display", read_only=True)
    to_label = serializers.CharField(source="get_to_state_display", read_only=True)
    papers = serializers.SlugRelatedField(
        slug_field="number", many=True, read_only=True, help_text="被撤销的文书的文号"
    )
    kept = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="另有变动、不再恢复的变更事项"
    )

    class Meta:
        model = SettingAside
        fields = (
            "id",
            "authority",
            "authority_label",
            "number",
            "ruled_on",
            "orders",
            "certificates_stand",
            "ruling",
            "from_state",
            "from_label",
            "to_state",
            "to_label",
            "decided_on",
            "on",
            "papers",
            "kept",
            "undoes",
        )
        read_only_fields = fields


class SettingsAside(Below):
    """What rulings undid of one application."""

    @extend_schema(
        operation_id="applications_settings_aside",
        summary="依裁决撤销的决定",
        tags=TAGS,
        responses=SettingAsideSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """List them, the oldest first; the agency is a party, and reads them too."""
        return self.listed(SettingAsideSerializer, self.for_sides().settings_aside.prefetch_related("papers"))


class Ruling(FileOnly):
    """The scan of a ruling."""

    @extend_schema(
        operation_id="applications_ruling",
        summary="上传裁决文书的扫描件",
        description="在提议依裁决恢复办理之前上传；再传即为新的一版。",
        tags=TAGS,
        request={"multipart/form-data": FileBody},
        responses=UploadSerializer,
    )
    def put(self, request: Request, pk: int) -> Response:
        """Take its newest version."""
        return self.take(request, "upload_ruling", workflow.upload_ruling)
