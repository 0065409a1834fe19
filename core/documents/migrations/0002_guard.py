"""Numbered papers stay; issued papers never change."""

from django.db import migrations

from core.documents.guards import PapersNeverChange


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [PapersNeverChange()]
