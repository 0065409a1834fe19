import django.db.models.deletion
from django.db import migrations, models

import core.clock.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
                ("first_number", models.BigIntegerField()),
                ("last_number", models.BigIntegerField(unique=True)),
                ("head", models.CharField(max_length=64, verbose_name="链首")),
            ],
            options={
                "verbose_name": "审计检查点",
                "verbose_name_plural": "审计检查点",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=core.clock.clock.now, editable=False, verbose_name="时间")),
                ("on", models.DateField(null=True, verbose_name="法定日期")),
                ("verb", models.CharField(max_length=80, verbose_name="动作")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "完成"), ("refused", "被拒"), ("lapsed", "期满"), ("viewed", "查看")],
                        default="done",
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("actor_user_id", models.BigIntegerField(null=True)),
                ("actor_position_id", models.BigIntegerField(null=True)),
                ("actor_organisation_id", models.BigIntegerField(null=True)),
                ("actor_label", models.CharField(max_length=200, verbose_name="谁")),
                ("matter_type", models.CharField(blank=True, max_length=60)),
                ("matter_id", models.CharField(blank=True, max_length=40)),
                ("payload", models.JSONField(default=dict, verbose_name="内容")),
                ("frozen", models.JSONField(default=dict, verbose_name="当时的副本")),
                ("request_id", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "审计事件",
                "verbose_name_plural": "审计事件",
                "indexes": [
                    models.Index(fields=["matter_type", "matter_id", "id"], name="event_matter"),
                    models.Index(fields=["verb", "at"], name="event_verb"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                ("hash", models.CharField(max_length=64)),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="audit.checkpoint"
                    ),
                ),
            ],
            options={
                "verbose_name": "审计链环",
                "verbose_name_plural": "审计链环",
            },
        ),
    ]
