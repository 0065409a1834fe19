"""How words are laid out to be found: one writing for all, two characters at a time, and by their sound.

Both engines search what is made here with a plain `contains`; PostgreSQL does it by trigram index. A trigram index
finds nothing by two characters, and Chinese words have two: so names are laid out in pairs, each a word of its own.
"""

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from typing import Any
from zlib import crc32

import opencc
from pypinyin import Style, load_phrases_dict, pinyin

END = "_"  # behind the last character; no folded text has it
BREAK = "'"  # between syllables; nor this
# Anything longer is no name, and more words tell nothing more; they are cut, not refused: each word costs the database.
LONGEST, MOST_WORDS = 100, 6
RARE, MANY_RARE = 0x20000, 42_711  # of Unicode's CJK Extension B, as many as no two syllables share one
TRIGRAM = 3  # characters that PostgreSQL's index finds in the middle of a word
# Places hereabouts that the library's phrases read otherwise.
load_phrases_dict({"殷都": [["yīn"], ["dū"]], "长垣": [["cháng"], ["yuán"]], "浚县": [["xùn"], ["xiàn"]]})


@cache
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _folded(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    plain = "".join(map(_simplified().convert, plain)).casefold()
    return "".join(one for one in plain if one.isalnum())


def fold(text: str) -> str:
    """Return a text in the one writing that is compared: traditional forms simplified, letters and digits half-width
    and small, spaces and punctuation left out."""
    return "".join(map(_folded, text))


def terms(text: str) -> list[str]:
    """Return what is asked for, folded: the words that spaces divide, each once."""
    words = dict.fromkeys(map(fold, text[:LONGEST].split()))
    return [word for word in words if word][:MOST_WORDS]


def laid_out(folded: str) -> str:
    """Lay a folded text out, whole and in pairs: "安阳市" is " 安阳市 安阳 阳市 市_ "."""
    following = folded[1:] + END
    return f" {' '.join([folded, *map(''.join, zip(folded, following, strict=True))])} " if folded else ""


def pattern(folded: str) -> str:
    """Return what `laid_out` of every text contains that contains this folded one, and of no other."""
    return folded if len(folded) >= TRIGRAM else f" {folded}"


@dataclass(frozen=True)
class Sounded:
    """A folded text as it is spoken: one syllable to a character, one letter or digit to itself."""

    syllables: tuple[str, ...]

    @cached_property
    def whole(self) -> str:
        """anyangjishu."""
        return "".join(self.syllables)

    @cached_property
    def initials(self) -> str:
        """ayjs."""
        return "".join(one[0] for one in self.syllables)

    @property
    def broken(self) -> str:
        """'an'yang'ji'shu'."""
        return "".join(f"{BREAK}{one}" for one in self.syllables) + BREAK

    @property
    def signs(self) -> str:
        """One rare character for each syllable, no two the same (tests/registry/test_folding.py): trigrams of letters
        are in half of all names, those of syllables in few."""
        return "".join(chr(RARE + crc32(one.encode()) % MANY_RARE) for one in self.syllables)

    @property
    def laid_out(self) -> str:
        """Each a word of its own; the initials broken too."""
        spoken = f" {self.initials} {self.whole} {self.broken} {BREAK.join(['', *self.initials])}"
        return f"{spoken}{laid_out(self.signs)}"

    def covers(self, typed: str) -> range | None:
        """Which characters these letters are the sound or the initials of; None where they are not."""
        if (place := self.initials.find(typed)) >= 0:
            return range(place, place + len(typed))
        begins = [0, *accumulate(map(len, self.syllables))]
        for place, begin in enumerate(begins[:-1]):
            if self.whole.startswith(typed, begin):
                return range(place, bisect_left(begins, begin + len(typed)))
        return None


def called(name: str) -> str:
    """Return a name laid out to be found, as it is written and as it is spoken."""
    folded = fold(name)
    return laid_out(folded) + sound(folded).laid_out


def begun(letters: str) -> str:
    """Return a regular expression of letters that begin with a syllable, in a text laid out by its sound."""
    return f"[ {BREAK}]" + f"{BREAK}?".join(letters)


def _each(unknown: str) -> Any:
    return list(unknown)  # or the library takes a run of them as one


def sound(folded: str) -> Sounded:
    """Return how a folded text is spoken; a character that no table knows stands for itself."""
    found = pinyin(folded, style=Style.NORMAL, errors=_each, heteronym=False)
    return Sounded(tuple(one[0] or "?" for one in found))
