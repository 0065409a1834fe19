"""The calendars that are in force are published, since the public is answered from publications alone."""

from collections import defaultdict

from django.db import migrations, models

from core.clock.clock import today


def publish(apps, schema_editor):
    """Publish each loaded year of which nothing was published yet."""
    Publication = apps.get_model("publications", "Publication")
    known = set(Publication.objects.filter(kind="calendar").values_list("matter_id", flat=True))
    years = [
        row
        for row in apps.get_model("calendars", "CalendarYear").objects.order_by("year")
        if str(row.year) not in known
    ]
    if not years:
        return
    days = defaultdict(list)
    for day in apps.get_model("calendars", "CalendarDay").objects.order_by("date"):
        days[day.date.year].append({"date": day.date.isoformat(), "kind": day.kind, "name": day.name})
    on = today()
    Publication.objects.bulk_create(
        Publication(
            key=f"calendar:{row.year}:1",
            kind="calendar",
            title=f"{row.year}年工作日历",
            content={"year": row.year, "status": row.status, "source": row.source, "days": days[row.year]},
            matter_type="calendars.calendaryear",
            matter_id=str(row.year),
            published_on=on,
        )
        for row in years
    )


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0001_initial"),
        ("calendars", "0001_initial"),
        ("clock", "0002_moved_at"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="publication", name="publication_newest"),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                fields=["-published_on", "-id", "until", "withdrawn_on", "kind"], name="publication_newest"
            ),
        ),
        migrations.RunPython(publish, migrations.RunPython.noop),
    ]
