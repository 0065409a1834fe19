import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_initial"),
        ("filings", "0009_paper"),
        ("reference", "0002_area_kinds_are_named"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="counter_on",
            field=models.DateField(blank=True, null=True, verbose_name="窗口递交日期"),
        ),
        migrations.AddField(
            model_name="application",
            name="entered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.position",
                verbose_name="窗口代录人",
            ),
        ),
        migrations.AddField(
            model_name="historicalapplication",
            name="counter_on",
            field=models.DateField(blank=True, null=True, verbose_name="窗口递交日期"),
        ),
        migrations.AddField(
            model_name="historicalapplication",
            name="entered_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="accounts.position",
                verbose_name="窗口代录人",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counter_on__isnull", True), ("entered_by__isnull", True)),
                    models.Q(
                        ("counter_on__isnull", False), ("entered_by__isnull", False), ("receiving__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="counter_entry_has_day_and_office",
                violation_error_message="窗口代录的申请应有代录人、递交日期和受理单位。",
            ),
        ),
    ]
