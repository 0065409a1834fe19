"""A service that was overtaken says why it has no effect; an announcement says what was tried before."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_guard")]
    operations = [
        migrations.AddField(
            "service", "attempts", models.JSONField(blank=True, default=list, verbose_name="此前的送达")
        ),
        migrations.AddField(
            "service", "no_effect", models.CharField(blank=True, max_length=300, verbose_name="未生效的原因")
        ),
        migrations.AddConstraint(
            "service",
            models.CheckConstraint(
                condition=~Q(method="announcement") | ~Q(attempts=[]),
                name="announcement_after_attempts",
                violation_error_message="公告送达须写明此前怎样送达、为什么没有送到。",
            ),
        ),
        migrations.AddConstraint(
            "service",
            models.CheckConstraint(
                condition=Q(took_effect=False) | Q(no_effect=""),
                name="service_without_effect_says_why",
                violation_error_message="已经生效的送达没有未生效的原因。",
            ),
        ),
    ]
