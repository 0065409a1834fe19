"""`python manage.py load_reference`: areas of Anyang and occupation codes, from the files beside this app."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import models, transaction

from core.reference.models import Area, Occupation

DATA = Path(__file__).resolve().parents[2] / "data"
FILES: dict[str, type[models.Model]] = {"areas.csv": Area, "occupations.csv": Occupation}


def load(path: Path, model: type[models.Model]) -> tuple[int, int]:
    """Add what is new, change what differs, by code; return (added, changed). Rows not in the file stay as they are.

    Row by row through save(), so that each change has its history; a second run writes nothing.
    """
    stored = model._default_manager.in_bulk()
    added = changed = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one = stored.get(row["code"])
            if one is None:
                model._default_manager.create(**row)
                added += 1
            elif any(getattr(one, name) != value for name, value in row.items()):
                for name, value in row.items():
                    setattr(one, name, value)
                one.save()
                changed += 1
    return added, changed


class Command(BaseCommand):
    """Safe to run at every start."""

    help = "载入安阳市区域和职业代码；可重复运行。"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Load both files and say what changed."""
        for name, model in FILES.items():
            added, changed = load(DATA / name, model)
            self.stdout.write(f"{model._meta.verbose_name}：新增 {added}，更新 {changed}。")
