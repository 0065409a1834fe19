"""Uploads with their versions; official documents, which once issued never change; and how each was served."""

import secrets
import uuid

from django.db import models
from django.db.models import Q

from core.accounts.models import Organisation, Position
from core.clock.clock import now


def upload_path(upload: "Upload", name: str) -> str:
    """A random name in the folder of the month; only the extension is taken over."""
    return f"uploads/{upload.on:%Y/%m}/{secrets.token_hex(16)}.{name.rpartition('.')[2]}"


def paper_path(document: "OfficialDocument", name: str) -> str:
    """The same name at every attempt, so that a job killed half way leaves nothing behind that is not taken up."""
    return f"papers/{document.on:%Y/%m}/{document.code}.pdf"


class Upload(models.Model):
    """A file somebody handed in, one row a version; stored under a random name, served only by a view that asks.

    `slot` says what it is in its matter (a material's key, "proof", "licence" …); versions count up within a slot.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter_type = models.CharField(max_length=60)
    matter_id = models.CharField(max_length=40)
    slot = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField("版本")
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节")
    pages = models.PositiveSmallIntegerField("页数", null=True)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=upload_path, max_length=200)
    uploaded_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        constraints = [
            models.UniqueConstraint(fields=["matter_type", "matter_id", "slot", "version"], name="one_upload_version")
        ]


class DocumentState(models.TextChoices):
    PENDING = "pending", "待生成"
    ISSUED = "issued", "已签发"


class OfficialDocument(models.Model):
    """A numbered paper. The row (number, frozen content, verification code) is part of the transition's transaction;
    a job renders, signs and stores the PDF once, and after that nothing of it changes."""

    series = models.CharField("文种", max_length=40)
    number = models.CharField("文号", max_length=60, unique=True)
    title = models.CharField("标题", max_length=120)
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="落款单位")
    addressee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="受文单位")
    # As they were called on the day: an organisation renamed later does not change its papers.
    issuer_name = models.CharField(max_length=120)
    addressee_name = models.CharField(max_length=120)
    matter_type = models.CharField(max_length=60)
    matter_id = models.CharField(max_length=40)
    # Once per event of a matter: a transition run again cannot issue its paper twice.
    key = models.CharField(max_length=160, unique=True)
    content = models.JSONField("冻结内容")
    content_hash = models.CharField(max_length=64)
    code = models.CharField("核验码", max_length=24, unique=True)
    on = models.DateField("签发日期")
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="successors")
    public = models.BooleanField("可公开核验内容", default=False)
    state = models.CharField("状态", max_length=7, choices=DocumentState, default=DocumentState.PENDING)
    file = models.FileField(upload_to=paper_path, max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    audit_head = models.CharField("签发时的审计链首", max_length=64, blank=True)
    certificate = models.CharField("签名证书指纹", max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=now)
    error = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "文书"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pending", pdf_sha256="") | Q(state="issued", pdf_sha256__gt=""),
                name="issued_document_has_hash",
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="pending"), name="document_pending"),
            models.Index(fields=["matter_type", "matter_id"], name="document_matter"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class ServiceMethod(models.TextChoices):
    PORTAL = "portal", "门户送达"
    HAND = "hand", "直接送达"
    POST = "post", "邮寄送达"
    WITNESS = "witness", "留置送达（见证人）"
    ANNOUNCEMENT = "announcement", "公告送达"


class Service(models.Model):
    """How and when a document was served (送达): in the portal with consent on arrival, else recorded with proof."""

    document = models.OneToOneField(OfficialDocument, on_delete=models.PROTECT, related_name="service")
    method = models.CharField("方式", max_length=12, choices=ServiceMethod)
    served_on = models.DateField("送达日期")
    # An announcement is served at the end of its 30th day; until then what starts with service waits. What something
    # else overtook never takes effect: the fact stays, and `no_effect` says why.
    took_effect = models.BooleanField("已生效", default=True)
    no_effect = models.CharField("未生效的原因", max_length=300, blank=True)
    # How service was tried before: [{"method", "on", "why"}]. An announcement rests on it.
    attempts = models.JSONField("此前的送达", default=list, blank=True)
    proof = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="凭证")
    note = models.CharField("说明", max_length=200, blank=True)
    recorded_by = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        constraints = [
            models.CheckConstraint(
                condition=Q(method="portal") | Q(proof__isnull=False),
                name="service_has_proof",
                violation_error_message="门户以外的送达需要附凭证。",
            ),
            models.CheckConstraint(
                condition=~Q(method="announcement") | ~Q(attempts=[]),
                name="announcement_after_attempts",
                violation_error_message="公告送达须写明此前怎样送达、为什么没有送到。",
            ),
            models.CheckConstraint(
                condition=Q(took_effect=False) | Q(no_effect=""),
                name="service_without_effect_says_why",
                violation_error_message="已经生效的送达没有未生效的原因。",
            ),
        ]
