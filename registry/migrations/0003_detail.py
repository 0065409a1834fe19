"""Entries hold occupations and sites as the public API writes them, apart from the rest of the record; a
name that sounds alike is found by its syllables."""

import json

from django.db import migrations, models

from registry.folding import called
from registry.records import DETAIL, detail_of
from registry.trigrams import PlannedWithoutSamples


def part(apps, schema_editor):
    for entry in apps.get_model("registry", "Entry").objects.iterator():
        entry.detail = detail_of(entry.summary)
        entry.summary = {name: told for name, told in entry.summary.items() if name not in DETAIL}
        entry.called = called(entry.summary["name"])
        entry.save(update_fields=["summary", "detail", "called"])


def join(apps, schema_editor):
    for entry in apps.get_model("registry", "Entry").objects.iterator():
        entry.summary = {**entry.summary, **json.loads(entry.detail)}
        entry.save(update_fields=["summary"])


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_trigrams")]
    operations = [
        migrations.RenameField("entry", "content", "summary"),
        migrations.AddField(
            "entry", "detail", models.TextField(default="", verbose_name="公布的职业和场地"), preserve_default=False
        ),
        migrations.RunPython(part, join),
        PlannedWithoutSamples(),
    ]
