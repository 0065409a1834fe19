import django.db.models.functions.datetime
from django.db import migrations, models

import core.clock.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=160, unique=True)),
                ("kind", models.CharField(max_length=40, verbose_name="类别")),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                ("content", models.JSONField(verbose_name="公开内容")),
                ("matter_type", models.CharField(max_length=60)),
                ("matter_id", models.CharField(max_length=40)),
                ("published_on", models.DateField(verbose_name="公布日期")),
                ("until", models.DateField(null=True, verbose_name="公布至")),
                ("withdrawn_on", models.DateField(null=True, verbose_name="撤下日期")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="撤下原因")),
                ("at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=core.clock.clock.real_now,
                        editable=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "公开信息",
                "verbose_name_plural": "公开信息",
                "indexes": [
                    models.Index(fields=["kind", "-published_on", "-id"], name="publication_list"),
                    models.Index(fields=["-published_on", "-id", "until", "withdrawn_on"], name="publication_newest"),
                    models.Index(fields=["matter_type", "matter_id"], name="publication_matter"),
                    models.Index(
                        condition=models.Q(("withdrawn_on__isnull", False)), fields=["id"], name="publication_withdrawn"
                    ),
                    models.Index(fields=["changed_at"], name="publication_changed"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True), ("withdrawn_reason__gt", ""), _connector="OR"
                        ),
                        name="withdrawal_has_reason",
                    )
                ],
            },
        ),
    ]
