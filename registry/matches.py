"""Why a result was found, in words, and the characters of its name that were."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from registry.folding import fold, sound
from registry.records import Record
from registry.search import Query
from registry.terms import Meant, allowed, intended, is_letters


@dataclass(frozen=True)
class Why:
    """Why an agency is among the results. name: its parts, each with whether it was looked for; also: what else was."""

    name: Sequence[tuple[str, bool]]
    also: Sequence[str]


def why(record: Record, query: Query, *, slips: int = 0) -> Why:
    """Return why a record fits the words of a query. slips: by their sound, or with so many slips at most."""
    spots: set[int] = set()
    also: list[str] = []
    places = [place for place, sign in enumerate(record.name) for _ in fold(sign)]
    for term in query.terms:
        spot, said = _in_name(fold(record.name), term, slips)
        spots |= {places[place] for place in spot}
        also += [said] if said else []
        if not spot:
            also += _elsewhere(record, term, query.names.meant(term))
    return Why(_parts(record.name, spots), list(dict.fromkeys(also)))


def _in_name(folded: str, term: str, slips: int) -> tuple[Iterable[int], str]:
    if (place := folded.find(term)) >= 0:
        return range(place, place + len(term)), ""
    spoken = sound(folded)
    if is_letters(term) and (heard := spoken.covers(term)):
        return heard, "名称的拼音"
    if not slips:
        return (), ""
    if not term.isascii() and (heard := spoken.covers(sound(term).whole)):
        return heard, "名称读音相同"
    written = spoken.whole if is_letters(term) else folded
    for many in range(1, min(slips, allowed(term)) + 1):
        if found := re.search(intended(term, many), written):
            if is_letters(term):
                return spoken.covers(found.group()) or (), "名称的拼音相近"
            return range(*found.span()), "名称相近"
    return (), ""


def _elsewhere(record: Record, term: str, meant: Meant) -> Iterator[str]:
    for label, told in (
        ("备案编码", [record.code]),
        ("信用代码", [record.credit_code]),
        ("地址", [record.address]),
        ("场地", [word for site in record.sites for word in (site.name, site.address)]),
    ):
        if found := next((word for word in told if term in fold(word)), None):
            yield f"{label}：{found}"
    for item in record.scope:
        if item.code in meant.occupations:
            yield f"职业（工种）：{item.occupation}"
    areas = {record.area_code: record.area} | {site.area_code: site.area for site in record.sites}
    yield from (f"区域：{name}" for code, name in areas.items() if code in meant.areas)


def _parts(name: str, spots: set[int]) -> list[tuple[str, bool]]:
    parts: list[tuple[str, bool]] = []
    for place, sign in enumerate(name):
        marked = place in spots
        if parts and parts[-1][1] == marked:
            parts[-1] = (parts[-1][0] + sign, marked)
        else:
            parts.append((sign, marked))
    return parts
