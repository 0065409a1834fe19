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
            name="CalendarDay",
            fields=[
                ("date", models.DateField(primary_key=True, serialize=False, verbose_name="日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "放假"), ("makeup", "调休上班")], max_length=8, verbose_name="类别"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="节日")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
            options={
                "verbose_name": "日历日",
                "verbose_name_plural": "日历日",
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name="年份")),
                (
                    "status",
                    models.CharField(
                        choices=[("announced", "已按国务院办公厅通知载入"), ("confirmed", "管理员已确认按推算执行")],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="来源")),
                ("digest", models.CharField(editable=False, max_length=64, verbose_name="内容散列")),
            ],
            options={
                "verbose_name": "日历年份",
                "verbose_name_plural": "日历年份",
                "ordering": ["year"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCalendarDay",
            fields=[
                ("date", models.DateField(db_index=True, verbose_name="日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "放假"), ("makeup", "调休上班")], max_length=8, verbose_name="类别"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="节日")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
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
                "verbose_name": "historical 日历日",
                "verbose_name_plural": "historical 日历日",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCalendarYear",
            fields=[
                ("year", models.PositiveSmallIntegerField(db_index=True, verbose_name="年份")),
                (
                    "status",
                    models.CharField(
                        choices=[("announced", "已按国务院办公厅通知载入"), ("confirmed", "管理员已确认按推算执行")],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="来源")),
                ("digest", models.CharField(editable=False, max_length=64, verbose_name="内容散列")),
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
                "verbose_name": "historical 日历年份",
                "verbose_name_plural": "historical 日历年份",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
