import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("publications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, verbose_name="备案编码")),
                ("verification", models.CharField(max_length=24, verbose_name="回执核验码")),
                ("published_on", models.DateField(verbose_name="公布日期")),
                ("since", models.DateField(verbose_name="自")),
                ("until", models.DateField(null=True, verbose_name="不再是现行记录的第一日")),
                ("last_day", models.DateField(verbose_name="有效的最后一日")),
                ("ended_as", models.CharField(blank=True, max_length=12, verbose_name="终止的种类")),
                ("ended_on", models.DateField(null=True, verbose_name="终止日期")),
                ("words", models.TextField()),
                ("marks", models.TextField()),
                ("areas", models.JSONField(default=list, verbose_name="注册地和场地所在区域")),
                ("places", models.JSONField(default=dict, verbose_name="占用的名额")),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publications.publication"
                    ),
                ),
            ],
            options={
                "verbose_name": "机构目录",
                "verbose_name_plural": "机构目录",
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pauses", to="registry.entry"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["code", "published_on"], name="entry_code"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["last_day", "code"], name="entry_last_day"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["verification"], name="entry_verification"),
        ),
    ]
