"""What makes a place free is published as it stands: the years' numbers, and the caps where one was chosen."""

import datetime
import itertools

from django.db import migrations

from core.clock.clock import today

ONE_DAY = datetime.timedelta(days=1)
IN_FORCE = datetime.date(2023, 1, 1)  # M43
# Area, setting, the Measure's own figure.
CAPS = (("市区", "cap_urban", 3), ("县（市）", "cap_county", 2))


def publish(apps, schema_editor):
    """Publish what was decided and has not been published yet."""
    publications = apps.get_model("publications", "Publication").objects
    known = set(publications.filter(kind="quota").values_list("content__year", flat=True))
    for row in apps.get_model("filings", "QuotaYear").objects.exclude(year__in=known).order_by("year"):
        publications.create(
            key=f"filings.quotayear:{row.pk}",
            kind="quota",
            title=f"{row.year}年度社评机构预设数量",
            content={"year": row.year, "places": row.places, "source": row.source},
            matter_type="filings.quotayear",
            matter_id=str(row.pk),
            published_on=today(),
        )
    chosen = apps.get_model("reference", "Setting").objects.filter(key__in=[key for _, key, _ in CAPS])
    newest = chosen.order_by("-id").first()
    if newest is None or publications.filter(kind="caps").exists():
        return
    items = []
    for area, key, default in CAPS:
        rows = chosen.filter(key=key).order_by("effective_from").values_list("effective_from", "value")
        figures = [(IN_FORCE, default), *rows]
        for (since, cap), following in itertools.zip_longest(figures, figures[1:]):
            until = (following[0] - ONE_DAY).isoformat() if following else None
            items.append({"area": area, "cap": cap, "since": since.isoformat(), "until": until})
    publications.create(
        key=f"filings.caps:{newest.pk}:0",
        kind="caps",
        title="同一职业（工种）名额上限",
        content={"items": items},
        matter_type="reference.setting",
        matter_id=str(newest.pk),
        published_on=today(),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0001_initial"),
        ("publications", "0001_initial"),
        ("reference", "0001_initial"),
        ("clock", "0002_moved_at"),
    ]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
