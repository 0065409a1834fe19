"""The public API of verification: the state of a paper by its code, a file checked, a receipt as it is published."""

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.sessions import day_of
from core.documents import serving
from core.documents.formats import PDF
from core.documents.verification import Verdict
from core.web.api import problems
from registry import limits, verification
from registry.api import CODE, AgencySerializer, DayQuery, PublicView, asked_of
from registry.open_access import throttle
from registry.standing import LABELS

STANDING_CHOICES = [(key.value, label) for key, (label, _) in LABELS.items()]


class SuccessorSerializer(serializers.Serializer):
    """The receipt that replaces this one."""

    number = serializers.CharField()
    verification_code = serializers.CharField(source="code")
    valid_from = serializers.DateField()


class PaperSerializer(serializers.Serializer):
    """What everybody may know of a paper."""

    number = serializers.CharField(help_text="文号")
    title = serializers.CharField(help_text="文种")
    issuer = serializers.CharField(source="issuer_name")
    issued_on = serializers.DateField(source="on")


class VerifiedSerializer(serializers.Serializer):
    """The state of a paper as of a day."""

    state = serializers.ChoiceField(choices=STANDING_CHOICES, source="finding.standing.value")
    state_text = serializers.CharField(source="finding.label")
    reason = serializers.CharField(source="finding.why")
    as_of = serializers.DateField(source="on")
    paper = PaperSerializer(source="document", allow_null=True)
    agency = AgencySerializer(allow_null=True, help_text="回执所属的备案；不公开内容的文书没有这一项")
    successor = SuccessorSerializer(allow_null=True)


class CheckedSerializer(serializers.Serializer):
    """One thing that was checked of a PDF."""

    name = serializers.CharField(help_text="文件指纹（SHA-256）、电子签名、证书")
    ok = serializers.BooleanField()
    text = serializers.CharField()


class VerifiedFileSerializer(VerifiedSerializer):
    """What came of checking a PDF, and the state of the paper where the file is it, to the byte."""

    verdict = serializers.ChoiceField(choices=[(one.value, one.label) for one in Verdict])
    verdict_text = serializers.CharField(source="verdict.label")
    trustworthy = serializers.BooleanField(help_text="与签发的文书一字不差")
    checks = CheckedSerializer(many=True)


class PdfBody(serializers.Serializer):
    """A PDF to check. It is read once and not kept."""

    file = serializers.FileField()


class VerifyCode(PublicView):
    """The state of a paper."""

    @extend_schema(
        operation_id="public_verify_read",
        summary="按核验码核验文书",
        parameters=[CODE, DayQuery],
        responses={200: VerifiedSerializer, **problems(400)},
        tags=["public"],
    )
    def get(self, request: Request, code: str) -> Response:
        """Return the state of the paper with this code as of that day; "unknown" for a code that no paper bears."""
        throttle(request, limits.VERIFY)
        _, on, today = asked_of(DayQuery, request)
        return Response(VerifiedSerializer(verification.by_code(code, on, today)).data)


class VerifyPdf(PublicView):
    """Checking a file."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="public_verify_file",
        summary="核验上传的 PDF",
        description="核对文件指纹（SHA-256，即文件与门户发出的是否同一份）、电子签名和证书。文件不会保存。",
        request={"multipart/form-data": PdfBody},
        responses={200: VerifiedFileSerializer, **problems(422)},
        tags=["public"],
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Check hash, signature and certificate of a PDF, and say which paper it is."""
        throttle(request, limits.VERIFY)
        sent = PdfBody(data=request.data)
        sent.is_valid(raise_exception=True)
        data = verification.read_pdf(sent.validated_data["file"])
        return Response(VerifiedFileSerializer(verification.by_pdf(data, day_of(request._request))).data)


class ReceiptPdf(PublicView):
    """The PDF of a receipt."""

    @extend_schema(
        operation_id="public_receipts_read",
        summary="下载已公示的备案回执",
        parameters=[CODE],
        responses={(200, PDF): OpenApiTypes.BINARY, **problems(404)},
        tags=["public"],
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """Stream the signed PDF, as long as what is published of the receipt stands (M12)."""
        throttle(request, limits.VERIFY)
        found = verification.receipt(code, day_of(request._request))
        if found is None:
            raise NotFound("没有公示中的回执带有这个核验码。")
        return serving.respond(found.file, name=f"{found.number}.pdf", media_type=PDF)
