"""The look-up's text is found by index."""

from django.db import migrations

from registry.trigrams import SearchedByTrigram


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [SearchedByTrigram()]
