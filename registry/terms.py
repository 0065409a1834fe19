"""What one word of a search asks for, as a condition on entries: exactly, or allowing for a slip of the pen or
two."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from itertools import pairwise
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Regex

from core.reference.models import Area, Occupation
from core.statements import Statement, answer, written
from registry.folding import BREAK, END, TRIGRAM, Sounded, begun, fold, pattern, sound
from registry.models import Entry, Locality, Offer

# How long a word is in which one slip is allowed for, and two: in a shorter one that would find nearly everything, and
# in a longer one too many places would have to be asked for.
SIGNS = range(3, 25), range(6, 13)
LETTERS = range(6, 25), range(9, 13)
ANOTHER = f"[^ {END}{BREAK}]"
FIRST_WORD = "^ [^ ]*"
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


def anywhere(term: str, meant: "Meant", *, slips: int = 0) -> Q:
    """In the name or elsewhere. slips: or what sounds like it, or differs by so many at most, stands in the name."""
    found = [Entry.objects.filter(by_name(term)).values("pk"), *elsewhere(term, meant)]
    if slips:
        found.append(Entry.objects.filter(sounds_or_looks_like(term, slips)).values("pk"))
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


def allowed(term: str) -> int:
    """Return how many slips there may be in a folded word."""
    return sum(len(term) in lengths for lengths in (LETTERS if is_letters(term) else SIGNS))


def sounds_or_looks_like(term: str, slips: int) -> Q:
    """The name sounds like it (other characters of the same sound), or differs by so many slips at most: each another
    character, one too many, one left out, or two in the wrong order."""
    spoken = 1 < len(term) < SIGNS[0].stop and not term.isascii()
    found = Q(called__contains=pattern(sound(term).signs)) if spoken else NOTHING
    slips = min(slips, allowed(term))
    return found | _near(term, slips) if slips else found


def _near(term: str, slips: int) -> Q:
    """What stays whole beside the slips stands in the name, which the index finds, and nothing but them between."""
    around = _beside_one(term) if slips == 1 else _beside_two(term)
    # The name as it is written is the first word of what is searched; what is behind it need not be gone through.
    within = "" if is_letters(term) else FIRST_WORD
    # Seen in what the index has found: taken from it, a dozen trigrams of each alternative would be looked for again.
    text = Concat("called", Value(""), output_field=TextField())
    return around & Q(Regex(text, f"{within}(?:{intended(term, slips)})"))


def _beside_one(term: str) -> Q:
    """The parts before and behind the slip; or the word as it is with two of its neighbours in the other order."""
    around = NOTHING
    for place in range(len(term)):
        kept = [part for part in (term[:place], term[place + 1 :]) if _found_inside(part)]
        around |= Q(*(Q(called__contains=pattern(part)) for part in kept))
    for place in range(1, len(term)):
        around |= Q(called__contains=pattern(_turned(term, place)))
    return around


def _beside_two(term: str) -> Q:
    """One of the word's thirds is whole; or it is with the neighbours where two of them meet in the other order."""
    cuts = [len(term) * third // 3 for third in range(4)]
    words = [term, *(_turned(term, cut) for cut in cuts[1:-1])]
    thirds = dict.fromkeys(word[begin:end] for word in words for begin, end in pairwise(cuts))
    return reduce(or_, (Q(called__contains=pattern(third)) for third in thirds if _found_inside(third)), NOTHING)


def _turned(term: str, place: int) -> str:
    """The word with the characters before and behind a place in the other order."""
    return f"{term[: place - 1]}{term[place]}{term[place - 1]}{term[place + 1 :]}"


def _found_inside(part: str) -> bool:
    """Whether an index finds it: letters may stand inside the sound of a name, which is not laid out in pairs."""
    return bool(part) and (len(part) >= TRIGRAM or not part.isascii())


def intended(term: str, slips: int, *, goes_on: bool = False) -> str:
    """Return a regular expression of what a folded word with so many slips in it was meant to be. goes_on: it is what
    is left of a word."""
    if not slips:
        return term
    found = []
    for n, sign in enumerate(term):
        kept, left = term[:n], term[n + 1 :]
        found += [(f"{kept}{ANOTHER}", left), (kept, left)]  # another character, one too many
        if kept or goes_on:
            found.append((f"{kept}{ANOTHER}", sign + left))  # one left out
        if left and left[0] != sign:
            found.append((f"{kept}{left[0]}{sign}", left[1:]))  # two in the wrong order
    if slips > 1:
        found = [(head, f"(?:{intended(tail, slips - 1, goes_on=True)})") for head, tail in found if tail]
    return "|".join(dict.fromkeys(map("".join, found)))
