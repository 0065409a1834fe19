"""One published record of a filing, and which of several is in effect on a day."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from registry.standing import ENDED, Finding, Ruling, Suspended, of_filing
from regulation.codes import LEVELS, level_range_text

KIND = "filing"
DETAIL = ("scope", "sites")


@dataclass(frozen=True)
class ScopeItem:
    """An occupation of a filing: its code and name, its levels (5 to 1), the names of the sites where it is held."""

    code: str
    occupation: str
    levels: tuple[int, ...]
    sites: tuple[str, ...]

    @property
    def levels_text(self) -> str:
        """五—三级."""
        return level_range_text(self.levels)

    @property
    def cells(self) -> list[tuple[int, bool]]:
        """Every level with whether it is granted, for the table of occupations by levels."""
        return [(level, level in self.levels) for level in LEVELS]


@dataclass(frozen=True)
class Site:
    """A site of a filing; older records name the area by its name alone."""

    name: str
    area: str
    area_code: str
    address: str


@dataclass(frozen=True)
class Record:
    """A filing as one publication says it stands."""

    publication_id: int
    published_on: datetime.date
    name: str
    code: str
    credit_code: str
    area: str
    area_code: str
    address: str
    valid_from: datetime.date
    valid_until: datetime.date
    receipt: str
    verification: str
    state: str
    ended_on: datetime.date | None
    held_open: bool
    ended_by: Mapping[str, str]
    suspensions: tuple[Suspended, ...]
    event: str
    ruling: Ruling | None
    corrects: str
    # Its occupations and sites, as `detail_of` writes them; and all else that was published.
    detail: str = field(repr=False)
    summary: Mapping[str, Any] = field(repr=False, compare=False)

    @cached_property
    def _detail(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self.detail)
        return found

    @cached_property
    def scope(self) -> tuple[ScopeItem, ...]:
        """Its occupations."""
        return tuple(
            ScopeItem(item["code"], item["occupation"], tuple(item["levels"]), tuple(item["sites"]))
            for item in self._detail["scope"]
        )

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Where it evaluates."""
        return tuple(
            Site(site["name"], site["area"], site["area_code"], site["address"]) for site in self._detail["sites"]
        )

    @property
    def bearing(self) -> dict[str, Any]:
        """What bears days of its own, as it is published: the end, the suspensions."""
        return {
            "state": self.state,
            "ended_on": self.ended_on and self.ended_on.isoformat(),
            "suspensions": [
                {"since": one.since.isoformat(), "until": one.until and one.until.isoformat(), "source": one.source}
                for one in self.suspensions
            ],
        }

    @property
    def areas(self) -> frozenset[str]:
        """Codes and names of the areas of seat and sites."""
        named = {self.area_code, self.area}
        for site in self.sites:
            named |= {site.area_code, site.area}
        return frozenset(named - {""})

    def as_known(self, newest: "Record") -> "Record":
        """Return this record with the end and the suspensions known of the filing by a newer one."""
        known = replace(self, suspensions=newest.suspensions)
        return replace(known, state=newest.state, ended_on=newest.ended_on) if newest.state in ENDED else known

    def finding(self, on: datetime.date) -> Finding:
        """Return the filing's standing on a day by this record."""
        return of_filing(
            state=self.state,
            ended_on=self.ended_on,
            valid_until=self.valid_until,
            on=on,
            held_open=self.held_open,
            suspensions=self.suspensions,
            ruling=self.ruling,
        )


def current(records: Sequence[Record], on: datetime.date) -> Record:
    """Return the newest of these in effect, oldest first: a renewal published ahead counts from its first day."""
    return next((one for one in reversed(records) if one.valid_from <= on), records[-1])


def read(content: Mapping[str, Any], publication_id: int, published_on: datetime.date) -> Record:
    """Return the record that a publication holds."""
    summary = {name: told for name, told in content.items() if name not in DETAIL}
    return of_entry(summary, detail_of(content), publication_id, published_on)


def detail_of(content: Mapping[str, Any]) -> str:
    """Return the occupations and sites of a publication as JSON, in the words of the public API; older ones name no
    sites of an occupation, and areas by their name alone."""
    scope = [
        {
            "code": item["code"],
            "occupation": item["occupation"],
            "levels": item["levels"],
            "levels_text": level_range_text(item["levels"]),
            "sites": item.get("sites", []),
        }
        for item in content["scope"]
    ]
    sites = [
        {
            "name": site["name"],
            "area": site["area"],
            "area_code": site.get("area_code", ""),
            "address": site["address"],
        }
        for site in content["sites"]
    ]
    return json.dumps({"scope": scope, "sites": sites}, ensure_ascii=False, separators=(",", ":"))


def of_entry(content: Mapping[str, Any], detail: str, publication_id: int, published_on: datetime.date) -> Record:
    """Return the record that an entry holds in two parts."""
    return Record(
        publication_id=publication_id,
        published_on=published_on,
        detail=detail,
        summary=content,
        name=content["name"],
        code=content["code"],
        credit_code=content["credit_code"],
        area=content["area"],
        area_code=content["area_code"],
        address=content["address"],
        valid_from=_date(content["valid_from"]),
        valid_until=_date(content["valid_until"]),
        receipt=content["receipt"],
        verification=content["verification"],
        state=content.get("state", "active"),
        ended_on=_date(ended) if (ended := content.get("ended_on")) else None,
        held_open=bool(content.get("held_open")),
        ended_by=content.get("ended_by") or {},
        suspensions=tuple(
            Suspended(_date(one["since"]), _date(until) if (until := one["until"]) else None, one["source"])
            for one in content.get("suspensions") or ()
        ),
        event=content.get("event") or "",
        ruling=_ruling(content.get("ruling")),
        corrects=content.get("corrects", ""),
    )


def _ruling(said: Mapping[str, Any] | None) -> Ruling | None:
    if not said:
        return None
    return Ruling(
        said["authority"], said["number"], _date(said["on"]), said["decision"], bool(said["certificates_stand"])
    )


def _date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
