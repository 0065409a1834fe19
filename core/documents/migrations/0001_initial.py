import uuid

import django.db.models.deletion
from django.db import migrations, models

import core.clock.clock
import core.documents.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OfficialDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.CharField(max_length=40, verbose_name="文种")),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="文号")),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("issuer_name", models.CharField(max_length=120)),
                ("addressee_name", models.CharField(max_length=120)),
                ("matter_type", models.CharField(max_length=60)),
                ("matter_id", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=160, unique=True)),
                ("content", models.JSONField(verbose_name="冻结内容")),
                ("content_hash", models.CharField(max_length=64)),
                ("code", models.CharField(max_length=24, unique=True, verbose_name="核验码")),
                ("on", models.DateField(verbose_name="签发日期")),
                ("public", models.BooleanField(default=False, verbose_name="可公开核验内容")),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "待生成"), ("issued", "已签发")],
                        default="pending",
                        max_length=7,
                        verbose_name="状态",
                    ),
                ),
                ("file", models.FileField(blank=True, max_length=200, upload_to=core.documents.models.paper_path)),
                ("pdf_sha256", models.CharField(blank=True, db_index=True, max_length=64)),
                ("audit_head", models.CharField(blank=True, max_length=64, verbose_name="签发时的审计链首")),
                ("certificate", models.CharField(blank=True, max_length=64, verbose_name="签名证书指纹")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(default=core.clock.clock.now)),
                ("error", models.CharField(blank=True, max_length=200)),
                ("issued_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
                (
                    "addressee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="受文单位",
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="落款单位",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="documents.officialdocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "文书",
                "verbose_name_plural": "文书",
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("matter_type", models.CharField(max_length=60)),
                ("matter_id", models.CharField(max_length=40)),
                ("slot", models.CharField(max_length=60)),
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("media_type", models.CharField(max_length=100, verbose_name="类型")),
                ("size", models.PositiveIntegerField(verbose_name="字节")),
                ("pages", models.PositiveSmallIntegerField(null=True, verbose_name="页数")),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.FileField(max_length=200, upload_to=core.documents.models.upload_path)),
                ("on", models.DateField()),
                ("at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
            ],
            options={
                "verbose_name": "附件",
                "verbose_name_plural": "附件",
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("portal", "门户送达"),
                            ("hand", "直接送达"),
                            ("post", "邮寄送达"),
                            ("witness", "留置送达（见证人）"),
                            ("announcement", "公告送达"),
                        ],
                        max_length=12,
                        verbose_name="方式",
                    ),
                ),
                ("served_on", models.DateField(verbose_name="送达日期")),
                ("took_effect", models.BooleanField(default=True, verbose_name="已生效")),
                ("no_effect", models.CharField(blank=True, max_length=300, verbose_name="未生效的原因")),
                ("attempts", models.JSONField(blank=True, default=list, verbose_name="此前的送达")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service",
                        to="documents.officialdocument",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.upload",
                        verbose_name="凭证",
                    ),
                ),
            ],
            options={
                "verbose_name": "送达",
                "verbose_name_plural": "送达",
            },
        ),
        migrations.AddIndex(
            model_name="officialdocument",
            index=models.Index(
                condition=models.Q(("state", "pending")), fields=["next_try_at", "id"], name="document_pending"
            ),
        ),
        migrations.AddIndex(
            model_name="officialdocument",
            index=models.Index(fields=["matter_type", "matter_id"], name="document_matter"),
        ),
        migrations.AddConstraint(
            model_name="officialdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pdf_sha256", ""), ("state", "pending")),
                    models.Q(("pdf_sha256__gt", ""), ("state", "issued")),
                    _connector="OR",
                ),
                name="issued_document_has_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(
                fields=("matter_type", "matter_id", "slot", "version"), name="one_upload_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("method", "portal"), ("proof__isnull", False), _connector="OR"),
                name="service_has_proof",
                violation_error_message="门户以外的送达需要附凭证。",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("method", "announcement"), _negated=True),
                    models.Q(("attempts", []), _negated=True),
                    _connector="OR",
                ),
                name="announcement_after_attempts",
                violation_error_message="公告送达须写明此前怎样送达、为什么没有送到。",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("took_effect", False), ("no_effect", ""), _connector="OR"),
                name="service_without_effect_says_why",
                violation_error_message="已经生效的送达没有未生效的原因。",
            ),
        ),
    ]
