"""Parts left out of an approval as rows; a cap's override as request and answer; a commissioned assessor's qualification.

Nothing is carried over: before this an override knew no request, and there is no production data.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_initial"),
        ("documents", "0002_guard"),
        ("filings", "0003_parts_corrected"),
    ]

    operations = [
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (5, "五级（初级工）"),
                            (4, "四级（中级工）"),
                            (3, "三级（高级工）"),
                            (2, "二级（技师）"),
                            (1, "一级（高级技师）"),
                        ],
                        null=True,
                        verbose_name="等级",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("basis", models.CharField(max_length=8, verbose_name="依据")),
            ],
            options={
                "verbose_name": "不予备案的部分",
                "verbose_name_plural": "不予备案的部分",
                "ordering": ["id"],
            },
        ),
        migrations.RemoveField(
            model_name="historicalscopeitem",
            name="left_out_reason",
        ),
        migrations.RemoveField(
            model_name="scopeitem",
            name="left_out_reason",
        ),
        migrations.AddField(
            model_name="assessment",
            name="qualification",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.upload",
                verbose_name="受托机构的资质证明",
            ),
        ),
        migrations.AddField(
            model_name="historicalassessment",
            name="qualification",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="documents.upload",
                verbose_name="受托机构的资质证明",
            ),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="commissioned",
            field=models.CharField(blank=True, max_length=200, verbose_name="受托评估机构"),
        ),
        migrations.AlterField(
            model_name="historicalassessment",
            name="commissioned",
            field=models.CharField(blank=True, max_length=200, verbose_name="受托评估机构"),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("commissioned", ""), ("qualification__isnull", False), _connector="OR"),
                name="commissioned_shows_qualification",
                violation_error_message="受托评估机构应有资质证明。",
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="left_out", to="filings.scopeitem"
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="site",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="filings.site",
                verbose_name="考评场地",
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__isnull", True), ("site__isnull", True), _connector="OR"),
                name="left_out_one_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("level__isnull", False)), fields=("item", "level"), name="level_left_out_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("site__isnull", False)), fields=("item", "site"), name="site_left_out_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("level__isnull", True), ("site__isnull", True)),
                fields=("item",),
                name="occupation_left_out_once",
            ),
        ),
        migrations.DeleteModel(name="CapOverride"),
        migrations.CreateModel(
            name="CapOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cap", models.CharField(max_length=40, verbose_name="名额")),
                ("request", models.TextField(verbose_name="请求的理由")),
                ("asked_on", models.DateField(verbose_name="请求日期")),
                ("granted", models.BooleanField(null=True, verbose_name="同意")),
                ("reason", models.TextField(blank=True, verbose_name="决定的理由")),
                ("decided_on", models.DateField(null=True, verbose_name="决定日期")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="filings.application"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
            ],
            options={
                "verbose_name": "超名额请求和决定",
                "verbose_name_plural": "超名额请求和决定",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("granted__isnull", True)), fields=["asked_on", "id"], name="override_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "cap"),
                        name="one_override_per_cap",
                        violation_error_message="这一名额已经请求过。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_by__isnull", True),
                                ("decided_on__isnull", True),
                                ("granted__isnull", True),
                                ("reason", ""),
                            ),
                            models.Q(
                                ("decided_by__isnull", False),
                                ("decided_on__isnull", False),
                                ("granted__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="override_answered_whole",
                    ),
                ],
            },
        ),
    ]
