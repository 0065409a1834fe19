"""Going back to where a round of a race began: the rows that decisions write are put back as they were.

Making an application again for each of a thousand rounds would take most of their time. Papers, events and messages
stay (they are append-only, and their keys count the runs), so every round leaves its own.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from core.deadlines.models import Clock
from core.workflow.models import Proposal
from filings.models import (
    Application,
    ChangeItem,
    Filing,
    FilingScope,
    FilingSite,
    PassedOver,
    PlaceGiven,
    QuotaDecision,
    QuotaYear,
    Receipt,
    ScopeItem,
)

# What is deleted first stands first. Runs, and how often a record was published, count on: keys are made of them.
MODELS: tuple[type[Model], ...] = (
    PassedOver,
    PlaceGiven,
    Proposal,
    Clock,
    PassedOver,
    PlaceGiven,
    Receipt,
    ChangeItem,
    ScopeItem,
    FilingSite,
    FilingScope,
    Filing,
    Application,
    QuotaDecision,
    QuotaYear,
)
COUNTING = {"runs", "published"}


@dataclass
class Start:
    """The rows at the beginning of a round."""

    rows: dict[type[Model], dict[Any, dict[str, Any]]] = field(default_factory=dict)

    @classmethod
    def taken(cls) -> "Start":
        """Take down how things stand now."""
        start = cls()
        for model in MODELS:
            start.rows[model] = {row["pk"]: row for row in _values(model)}
        return start

    def restore(self) -> None:
        """Put everything back: what is new goes, what differs is as it was."""
        for model, rows in self.rows.items():
            # Filings name applications and the other way round, and items the sites made of them: let go of both first.
            if model is FilingSite:
                ChangeItem.objects.exclude(made=None).exclude(made__in=rows).update(made=None)
            if model is Filing:
                Application.objects.filter(filing__isnull=False).exclude(filing__in=rows).update(filing=None)
            model._default_manager.exclude(pk__in=rows).delete()
        for model, rows in self.rows.items():
            for now in _values(model):
                before = rows[now["pk"]]
                if changed := {key: before[key] for key in before if before[key] != now[key]}:
                    model._default_manager.filter(pk=now["pk"]).update(**changed)


def _values(model: type[Model]) -> list[dict[str, Any]]:
    names = [field.attname for field in model._meta.concrete_fields if field.name not in COUNTING]
    return [{"pk": row.pk, **{name: getattr(row, name) for name in names}} for row in model._default_manager.all()]
