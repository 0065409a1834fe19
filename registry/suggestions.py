"""What is offered while somebody types: agencies, occupations and areas that what was typed may mean."""

import datetime
from dataclasses import dataclass
from functools import reduce
from operator import and_
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from registry import folding, terms
from registry.entries import in_effect

AGENCIES, OCCUPATIONS, AREAS = 6, 3, 2


@dataclass(frozen=True)
class Suggestion:
    """Something that may be meant: its kind and name, what tells it apart, and where it leads."""

    kind: str
    name: str
    note: str
    url: str


def suggestions(text: str, on: datetime.date) -> list[Suggestion]:
    """Return what may be meant, agencies first: those in force before those that are over."""
    words = folding.terms(text)
    if not words:
        return []
    called: Q = reduce(and_, map(terms.by_name, words))
    codes = in_effect(on).filter(called, published_on__lte=on)
    found: list[Suggestion] = []
    for part in (codes.filter(last_day__gte=on), codes.filter(last_day__lt=on)):
        rows = part.order_by("code").values_list("code", "summary__name", "summary__area")
        for code, name, area in rows[: AGENCIES - len(found)]:
            found.append(Suggestion("机构", name, f"{area} {code}", reverse("registry:agency", args=[code])))
    names = terms.Names()
    meant = names.meant("".join(words))
    for kind, known, wanted, part, most in (
        ("职业（工种）", names.occupations, meant.occupations, "occupation", OCCUPATIONS),
        ("区域", names.areas, meant.areas, "area", AREAS),
    ):
        named = [(code, name) for code, name in known if code in wanted]
        found += [Suggestion(kind, name, code, _narrowed(part, code)) for code, name in named[:most]]
    return found


def _narrowed(part: str, value: str) -> str:
    return f"{reverse('registry:agencies')}?{urlencode({part: value, 'status': 'valid'})}"
