"""Events, links and checkpoints are only ever added."""

from django.db import migrations

from core.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [AppendOnly("audit_event"), AppendOnly("audit_link"), AppendOnly("audit_checkpoint")]
