import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                ("code", models.CharField(max_length=6, primary_key=True, serialize=False, verbose_name="代码")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("市辖区", "市辖区"), ("县", "县"), ("县级市", "县级市"), ("功能区", "功能区")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("quota_area", models.CharField(max_length=20, verbose_name="名额区域")),
            ],
            options={
                "verbose_name": "区域",
                "verbose_name_plural": "区域",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Occupation",
            fields=[
                ("code", models.CharField(max_length=10, primary_key=True, serialize=False, verbose_name="代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("active", models.BooleanField(default=True, verbose_name="可申报")),
            ],
            options={
                "verbose_name": "职业",
                "verbose_name_plural": "职业",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.CharField(max_length=60)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "编号计数",
                "verbose_name_plural": "编号计数",
                "constraints": [models.UniqueConstraint(fields=("series", "year"), name="one_counter_per_series")],
            },
        ),
        migrations.CreateModel(
            name="HistoricalArea",
            fields=[
                ("code", models.CharField(db_index=True, max_length=6, verbose_name="代码")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("市辖区", "市辖区"), ("县", "县"), ("县级市", "县级市"), ("功能区", "功能区")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("quota_area", models.CharField(max_length=20, verbose_name="名额区域")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 区域",
                "verbose_name_plural": "historical 区域",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalOccupation",
            fields=[
                ("code", models.CharField(db_index=True, max_length=10, verbose_name="代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("active", models.BooleanField(default=True, verbose_name="可申报")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 职业",
                "verbose_name_plural": "historical 职业",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSetting",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("key", models.CharField(max_length=60, verbose_name="设置")),
                ("value", models.IntegerField(verbose_name="值")),
                ("effective_from", models.DateField(verbose_name="自何日起")),
                ("note", models.CharField(max_length=200, verbose_name="依据或说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 设置",
                "verbose_name_plural": "historical 设置",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Setting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, verbose_name="设置")),
                ("value", models.IntegerField(verbose_name="值")),
                ("effective_from", models.DateField(verbose_name="自何日起")),
                ("note", models.CharField(max_length=200, verbose_name="依据或说明")),
            ],
            options={
                "verbose_name": "设置",
                "verbose_name_plural": "设置",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "effective_from"),
                        name="one_setting_per_day",
                        violation_error_message="这项设置在这一天已经有一个值，请改那一条。",
                    )
                ],
            },
        ),
    ]
