import django.db.models.deletion
from django.db import migrations, models

import core.clock.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("matter_type", models.CharField(max_length=60)),
                ("matter_id", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=40, verbose_name="期限")),
                ("starts_on", models.DateField(verbose_name="起算日")),
                ("amount", models.PositiveSmallIntegerField(verbose_name="长度")),
                ("unit", models.CharField(max_length=8, verbose_name="单位")),
                ("due_on", models.DateField(verbose_name="最后一日")),
                ("provisional", models.BooleanField(default=False, verbose_name="暂定")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "计时中"),
                            ("done", "已办结"),
                            ("lapsed", "已期满"),
                            ("replaced", "已重新计时"),
                        ],
                        default="running",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("ended_on", models.DateField(null=True, verbose_name="结束日")),
                ("lapse", models.CharField(blank=True, max_length=60)),
                ("told_on", models.DateField(null=True, verbose_name="逾期已提醒")),
                ("started_at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
            ],
            options={
                "verbose_name": "期限",
                "verbose_name_plural": "期限",
                "indexes": [
                    models.Index(
                        condition=models.Q(("provisional", False), ("state", "running"), ("told_on__isnull", True)),
                        fields=["due_on", "id"],
                        name="clock_due",
                    ),
                    models.Index(
                        condition=models.Q(("provisional", True), ("state", "running")),
                        fields=["due_on", "id"],
                        name="clock_provisional",
                    ),
                    models.Index(fields=["matter_type", "matter_id"], name="clock_matter"),
                    models.Index(
                        condition=models.Q(("state", "running")), fields=["due_on", "id"], name="clock_running"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("matter_type", "matter_id", "kind"),
                        name="one_running_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("starts_on"))), name="clock_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on__isnull", True), ("state", "running")),
                            models.Q(models.Q(("state", "running"), _negated=True), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="ended_clock_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_due_on", models.DateField()),
                ("new_due_on", models.DateField()),
                ("reason", models.CharField(max_length=200)),
                ("on", models.DateField()),
                ("at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="deadlines.clock"
                    ),
                ),
            ],
            options={
                "verbose_name": "期限变动",
                "verbose_name_plural": "期限变动",
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days_before", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="deadlines.clock"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("clock", "days_before", "due_on"), name="one_reminder_per_kind")
                ],
            },
        ),
    ]
