"""Filings from paper through the API: a register uploaded, its faults, what it would load, and the proposal."""

from typing import Any

from django.core.files.base import ContentFile
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import OrganisationKind
from core.documents import serving
from core.documents.api import UploadSerializer
from core.documents.formats import XLSX
from core.workflow import proposals
from core.workflow.api import ActingView, ProposalSerializer, Work
from filings import permissions
from filings.api.bodies import FileBody
from filings.enums import ImportState
from filings.imports import checks, workbooks
from filings.models import FilingImport
from filings.workflow import importing

TAGS = ["imports"]
MATTER = "filings.filingimport"
MOST = 50


class FaultSerializer(serializers.Serializer):
    """What is wrong in a row, and what to do."""

    row = serializers.IntegerField(help_text="表格里的行号")
    column = serializers.CharField(help_text="列的代号；整行的为空")
    label = serializers.CharField(help_text="列名")
    text = serializers.CharField(help_text="问题和改法")


class RegisterSiteSerializer(serializers.Serializer):
    """A site as the register has it."""

    name = serializers.CharField()
    area = serializers.CharField(help_text="区域代码")
    address = serializers.CharField()


class RegisterScopeSerializer(serializers.Serializer):
    """An occupation as the register has it."""

    occupation = serializers.CharField(help_text="职业代码")
    levels = serializers.ListField(child=serializers.IntegerField())
    sites = serializers.ListField(child=serializers.CharField(), help_text="场地名称")


class RegisterEntrySerializer(serializers.Serializer):
    """A filing as the register has it; what could not be read is empty."""

    rows = serializers.ListField(child=serializers.IntegerField(), help_text="表格里的行号")
    code = serializers.CharField()
    name = serializers.CharField()
    credit_code = serializers.CharField()
    area = serializers.CharField(help_text="区域代码")
    address = serializers.CharField()
    legal_representative = serializers.CharField()
    person_in_charge = serializers.CharField()
    valid_from = serializers.CharField(help_text="日期；没有写的为空，按有效期至往前推 3 年")
    valid_until = serializers.CharField(help_text="日期")
    scope = RegisterScopeSerializer(many=True)
    sites = RegisterSiteSerializer(many=True)


class CapSerializer(serializers.Serializer):
    """A cap that loading fills or passes (M37): said, never in the way."""

    label = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    cap = serializers.IntegerField()
    passed = serializers.BooleanField(help_text="录入后超出名额")


class ImportRowSerializer(serializers.ModelSerializer):
    """A register of paper filings."""

    state = serializers.ChoiceField(choices=ImportState.choices, read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    agencies = serializers.SerializerMethodField(help_text="机构数")

    class Meta:
        model = FilingImport
        fields = ("id", "source", "state", "state_label", "lines", "agencies", "made_on", "decided_on")
        read_only_fields = fields

    def get_agencies(self, register: FilingImport) -> int:
        """How many filings it holds."""
        return len(register.entries)


class ImportSerializer(ImportRowSerializer):
    """A register whole: its file, its faults as of today, what it would load."""

    file = UploadSerializer(source="upload", read_only=True)
    faults = serializers.SerializerMethodField(help_text="全部问题；没有问题才能提议录入")
    entries = RegisterEntrySerializer(many=True, read_only=True)
    check_digits = serializers.SerializerMethodField(help_text="校验位不符、须对照证照核对的信用代码")
    caps = serializers.SerializerMethodField(help_text="录入后满额或超额的名额；有问题时为空")
    proposal = serializers.SerializerMethodField(help_text="最近一次提议；决定、退回、收回用 /api/v1/proposals/{id}/")
    filings = serializers.PrimaryKeyRelatedField(many=True, read_only=True, help_text="录入的备案")

    class Meta(ImportRowSerializer.Meta):
        fields = (
            *ImportRowSerializer.Meta.fields,
            "file",
            "faults",
            "entries",
            "check_digits",
            "caps",
            "proposal",
            "filings",
        )
        read_only_fields = fields

    @extend_schema_field(FaultSerializer(many=True))
    def get_faults(self, register: FilingImport) -> Any:
        """Row by row; none once it has been decided on."""
        return FaultSerializer(self._faults(register), many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_check_digits(self, register: FilingImport) -> list[str]:
        """Those to be confirmed."""
        return checks.check_digits(register.entries)

    @extend_schema_field(CapSerializer(many=True))
    def get_caps(self, register: FilingImport) -> Any:
        """What loading would fill or pass."""
        if register.state != ImportState.OPEN or self._faults(register):
            return []
        return CapSerializer(checks.preview(register, self.context["actor"].on).caps, many=True).data

    @extend_schema_field(ProposalSerializer(allow_null=True))
    def get_proposal(self, register: FilingImport) -> Any:
        """As it stands."""
        newest = proposals.of(register).first()
        return ProposalSerializer(newest, context=self.context).data if newest else None

    def _faults(self, register: FilingImport) -> list[checks.Fault]:
        return checks.faults(register, self.context["actor"].on) if register.state == ImportState.OPEN else []


class RegisterBody(FileBody):
    """A register and where it was taken from."""

    file = serializers.FileField(help_text="XLSX，照模板填写", allow_empty_file=True)
    source = serializers.CharField(max_length=200, help_text="依据：从哪一份台账、文件抄录")


class LoadRegisterBody(serializers.Serializer):
    """The proposal to load."""

    codes_confirmed = serializers.BooleanField(default=False, help_text="校验位不符的信用代码已对照证照核对")
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=5000, help_text="给负责人的说明"
    )


class _Imports(ActingView):
    kinds = (OrganisationKind.CENTRE, OrganisationKind.BUREAU)
    parser_classes = [MultiPartParser, JSONParser]

    def register(self, pk: int) -> FilingImport:
        """Return the register. Raises NotFound for whoever may not see it."""
        found = FilingImport.objects.select_related("upload").filter(pk=pk).first()
        if found is None or not permissions.may_view_import(self.actor, found):
            raise NotFound("没有这次录入。")
        return found


class ImportList(_Imports):
    """Registers."""

    @extend_schema(
        operation_id="imports_list", summary="历史备案录入", tags=TAGS, responses=ImportRowSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Return the newest registers."""
        return Response(ImportRowSerializer(FilingImport.objects.all()[:MOST], many=True).data)

    @extend_schema(
        operation_id="imports_upload",
        summary="上传历史备案表格并检查",
        tags=TAGS,
        request={"multipart/form-data": RegisterBody},
        responses={201: ImportSerializer},
    )
    def post(self, request: Request) -> Response:
        """Take a register in, as a handler of the centre; nothing is loaded yet."""

        def prepare() -> Any:
            data = self.body(RegisterBody)
            return None, lambda: importing.upload(**data, **self.by)

        return self.deed(request, f"{MATTER}.upload", prepare, ImportSerializer, status=201)


class ImportTemplate(_Imports):
    """The template."""

    @extend_schema(
        operation_id="imports_template",
        summary="历史备案录入模板（XLSX）",
        tags=TAGS,
        responses={(200, XLSX): OpenApiTypes.BINARY},
    )
    def get(self, request: Request) -> FileResponse:
        """Return the workbook to fill in."""
        return serving.respond(ContentFile(workbooks.template()), name=workbooks.TEMPLATE_NAME, media_type=XLSX)


class ImportDetail(_Imports):
    """One register."""

    @extend_schema(operation_id="imports_read", summary="读取一次录入", tags=TAGS, responses=ImportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Return it with its faults as of today."""
        return Response(self.shown(ImportSerializer, self.register(pk)))


class ImportFaults(_Imports):
    """The register given back."""

    @extend_schema(
        operation_id="imports_faults",
        summary="标出问题的表格（XLSX）",
        tags=TAGS,
        responses={(200, XLSX): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> FileResponse:
        """Return the register with what is wrong beside its rows; mended, it can be uploaded as it is."""
        found = self.register(pk)
        assert found.upload is not None
        content = workbooks.with_faults(found.upload.file, checks.faults(found, self.actor.on))
        return serving.respond(ContentFile(content), name=f"历史备案录入-问题-{found.pk}.xlsx", media_type=XLSX)


class _Acts(_Imports):
    def does(self, request: Request, pk: int, name: str, act: Any) -> Response:
        def prepare() -> Work:
            found = self.register(pk)

            def run() -> tuple[int, Any]:
                act(found)
                return 200, self.shown(ImportSerializer, self.register(pk))

            return Work(f"{MATTER}.{name}", found, run)

        return self.perform(request, prepare)


class ImportFile(_Acts):
    """The mended register."""

    @extend_schema(
        operation_id="imports_replace",
        summary="换成改好的表格",
        tags=TAGS,
        request={"multipart/form-data": FileBody},
        responses=ImportSerializer,
    )
    def put(self, request: Request, pk: int) -> Response:
        """Take it in the place of the one before, which is kept."""
        return self.does(
            request, pk, "upload", lambda found: importing.replace(found, self.body(FileBody)["file"], **self.by)
        )


class ImportPropose(_Acts):
    """The proposal."""

    @extend_schema(
        operation_id="imports_propose",
        summary="提议录入（另一人决定）",
        tags=TAGS,
        request=LoadRegisterBody,
        responses=ImportSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Propose to load it whole, as a handler of the centre; the chief decides it."""

        def act(found: FilingImport) -> None:
            data = self.body(LoadRegisterBody)
            reason = data.pop("reason")
            proposals.propose(found, "load", payload=data, reason=reason, **self.by)

        return self.does(request, pk, "load", act)


class ImportDiscard(_Acts):
    """Giving up."""

    @extend_schema(
        operation_id="imports_discard", summary="作废一次录入", tags=TAGS, request=None, responses=ImportSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give it up; the file stays on record."""
        return self.does(request, pk, "discard", lambda found: importing.discard(found, **self.by))
