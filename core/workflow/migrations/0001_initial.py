import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.clock.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("route", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=80)),
                ("body_hash", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("answer", models.JSONField(null=True)),
                ("at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "route", "key"), name="one_idempotency_key")],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("matter_type", models.CharField(max_length=60)),
                ("matter_id", models.CharField(max_length=40)),
                ("transition", models.CharField(max_length=60, verbose_name="事项")),
                ("payload", models.JSONField(verbose_name="内容")),
                ("content_hash", models.CharField(max_length=64)),
                ("reason", models.TextField(blank=True, verbose_name="提议理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待决定"),
                            ("decided", "已决定"),
                            ("returned", "已退回"),
                            ("taken_back", "已收回"),
                            ("overtaken", "已失效"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("proposed_on", models.DateField()),
                ("proposed_at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
                ("decided_on", models.DateField(null=True)),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "decided_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "proposed_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "提议",
                "verbose_name_plural": "提议",
                "indexes": [models.Index(fields=["matter_type", "matter_id"], name="proposal_matter")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("matter_type", "matter_id"),
                        name="one_open_proposal",
                        violation_error_message="这件事已有一项提议等待决定。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_user__isnull", True),
                            models.Q(("state__in", ["decided", "returned"]), _negated=True),
                            models.Q(("decided_user", models.F("proposed_user")), _negated=True),
                            _connector="OR",
                        ),
                        name="decided_by_another",
                        violation_error_message="提议人不能自己决定。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "decided"), _negated=True),
                            ("decided_user__isnull", False),
                            _connector="OR",
                        ),
                        name="decision_has_decider",
                    ),
                ],
            },
        ),
    ]
