from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DayOffset",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("days", models.PositiveIntegerField(default=0, verbose_name="偏移天数")),
            ],
            options={
                "verbose_name": "日期偏移",
                "verbose_name_plural": "日期偏移",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_day_offset")],
            },
        ),
    ]
