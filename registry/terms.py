"""What one word of a search asks for, as a condition on entries: exactly, or allowing for a slip of the pen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Regex

from core.reference.models import Area, Occupation
from core.statements import Statement, answer, written
from registry.folding import BREAK, END, TRIGRAM, Sounded, begun, fold, pattern, sound
from registry.models import Entry, Locality, Offer

# A slip is allowed for in words of this many characters: in shorter ones it would find nearly everything.
FEWEST_SIGNS, FEWEST_LETTERS = 3, 6
MOST_SIGNS = 24  # and of no more: every place is asked for
ANOTHER = f"[^ {END}{BREAK}]"
NOTHING = Q(pk__in=[])


def is_letters(term: str) -> bool:
    """Whether a folded word may be typed by its sound."""
    return term.isascii() and term.isalpha()


# -- exactly -------------------------------------------------------------------------------------------------------


def by_name(term: str) -> Q:
    """The name contains it, or these letters are the sound or the initials of its characters; fewer than three: of the
    first ones."""
    found = Q(called__contains=pattern(term))
    return found & Q(called__regex=begun(term)) if is_letters(term) else found


def elsewhere(term: str, meant: "Meant") -> Iterator[QuerySet[Any, Any]]:
    """Yield what contains it in codes, addresses and sites, and what has an occupation or an area of this name. Each by
    an index of its own: a condition that joins them would have none."""
    yield Entry.objects.filter(words__contains=pattern(term)).values("pk")
    if meant.occupations:
        yield Offer.objects.filter(occupation__in=meant.occupations).values("entry")
    if meant.areas:
        yield Locality.objects.filter(area__in=meant.areas).values("entry")


def anywhere(term: str, meant: "Meant", *, alike: bool = False) -> Q:
    """In the name or elsewhere. alike: or what sounds or looks like it stands in the name."""
    found = [Entry.objects.filter(by_name(term)).values("pk"), *elsewhere(term, meant)]
    if alike:
        found.append(Entry.objects.filter(sounds_or_looks_like(term)).values("pk"))
    return Q(pk__in=united(found))


def united(found: Iterable[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    """What any of these finds."""
    first, *others = found
    return first.union(*others) if others else first


@dataclass(frozen=True)
class Meant:
    """Codes of the occupations and areas whose name, code or sound a word is part of."""

    occupations: tuple[str, ...]
    areas: tuple[str, ...]


class Names:
    """Codes and names of occupations and areas, in their order, read once for a request."""

    @cached_property
    def occupations(self) -> list[tuple[str, str]]:
        """Of the national classification."""
        return answer(_named(Occupation))

    @cached_property
    def areas(self) -> list[tuple[str, str]]:
        """Of the city."""
        return answer(_named(Area))

    def meant(self, term: str) -> Meant:
        """Return those that a folded word is part of the name of."""
        return Meant(_meant(term, self.occupations), _meant(term, self.areas))


@cache
def _named(model: type[Occupation | Area]) -> Statement:
    return written(model._default_manager.order_by("code").values_list("code", "name"))


def _meant(term: str, names: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(code for code, name in names if _fits(term, code, name))


def _fits(term: str, code: str, name: str) -> bool:
    folded, spoken = folded_name(name)
    if is_letters(term):
        return term in folded or spoken.covers(term) is not None
    return term in folded or fold(code).startswith(term)


@cache
def folded_name(name: str) -> tuple[str, Sounded]:
    """A name of the reference data, folded and spoken; they are few."""
    folded = fold(name)
    return folded, sound(folded)


# -- with a slip ---------------------------------------------------------------------------------------------------


def sounds_or_looks_like(term: str) -> Q:
    """The name sounds like it (other characters of the same sound), or differs by one slip: another character, one too
    many, one left out, two in the wrong order."""
    if len(term) > MOST_SIGNS:
        return NOTHING
    if is_letters(term):
        return _near(term) if len(term) >= FEWEST_LETTERS else NOTHING
    found = Q(called__contains=pattern(sound(term).signs)) if len(term) > 1 and not term.isascii() else NOTHING
    return found | _near(term) if len(term) >= FEWEST_SIGNS else found


def _near(term: str) -> Q:
    """The parts before and behind the slip stand in the name, which the index finds, and nothing but it between."""
    around = NOTHING
    for place in range(len(term)):
        kept = [part for part in (term[:place], term[place + 1 :]) if _found_inside(part)]
        around |= Q(*(Q(called__contains=pattern(part)) for part in kept))
    for turned in _turned(term):
        around |= Q(called__contains=pattern(turned))
    # Seen in what the index has found: taken from it, a dozen trigrams of each alternative would be looked for again.
    return around & Q(Regex(Concat("called", Value(""), output_field=TextField()), slips(term)))


def _found_inside(part: str) -> bool:
    """Whether an index finds it: letters may stand inside the sound of a name, which is not laid out in pairs."""
    return bool(part) and (len(part) >= TRIGRAM or not part.isascii())


def slips(term: str) -> str:
    """Return a regular expression of what a folded word with one slip in it was meant to be."""
    places = range(len(term))
    meant = [f"{term[:n]}{ANOTHER}{term[n + 1 :]}" for n in places]  # another character
    meant += [term[:n] + term[n + 1 :] for n in places]  # one too many
    meant += [f"{term[:n]}{ANOTHER}{term[n:]}" for n in places[1:]]  # one left out
    return "|".join(dict.fromkeys([*meant, *_turned(term)]))


def _turned(term: str) -> list[str]:
    """The word with two neighbours in the other order, wherever they differ."""
    return [term[:n] + term[n + 1] + term[n] + term[n + 2 :] for n in range(len(term) - 1) if term[n] != term[n + 1]]
