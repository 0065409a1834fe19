"""Lays out the records published before there was a directory to look up."""

from typing import Any

from django.db import migrations


def keep(apps: Any, schema_editor: Any) -> None:
    """Made from the publications alone, so by today's code: a later table is filled by a later migration."""
    if apps.get_model("publications", "Publication").objects.filter(kind="filing").exists():
        from registry.entries import rebuild

        rebuild()


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
