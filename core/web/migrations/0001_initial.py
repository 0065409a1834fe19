import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list", models.CharField(max_length=60)),
                ("label", models.CharField(max_length=12, verbose_name="名称")),
                ("query", models.CharField(max_length=500)),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.position"
                    ),
                ),
            ],
            options={
                "verbose_name": "常用筛选",
                "verbose_name_plural": "常用筛选",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("position", "list", "label"),
                        name="one_filter_by_a_name",
                        violation_error_message="已有同名的常用筛选。",
                    )
                ],
            },
        ),
    ]
