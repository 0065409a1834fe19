"""The look-up: terms, filters, and what the answer can be narrowed by."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from registry.directory import Agency
from registry.standing import OF_AGENCIES, Standing

# Anything longer is no name; it is cut, not refused.
LONGEST = 100


@dataclass(frozen=True)
class Query:
    """What is asked for; every part is optional, and all given parts must hold.

    text: terms divided by spaces, each somewhere in name, codes, occupations, areas or addresses; area: code or name,
    of the seat or of a site; occupation: its code; level: 5 to 1, of that occupation where one is given; status: a
    standing of agencies.
    """

    text: str = ""
    area: str = ""
    occupation: str = ""
    level: int | None = None
    status: str = ""

    @property
    def terms(self) -> list[str]:
        """The words to look for, folded: full-width letters and capitals make no difference."""
        return unicodedata.normalize("NFKC", self.text)[:LONGEST].casefold().split()


def search(agencies: Iterable[Agency], query: Query) -> list[Agency]:
    """Return the agencies that fit, in the order given."""
    terms = query.terms
    return [agency for agency in agencies if _fits(agency, query) and all(term in agency.haystack for term in terms)]


def _fits(agency: Agency, query: Query) -> bool:
    if query.area and query.area not in agency.current.areas:
        return False
    if query.status and agency.finding.standing != query.status:
        return False
    if not query.occupation and query.level is None:
        return True
    return any(
        (not query.occupation or item.code == query.occupation) and (query.level is None or query.level in item.levels)
        for item in agency.current.scope
    )


STATUS_CHOICES = [(one.value, one.label) for one in OF_AGENCIES]
assert Standing.VALID.value == STATUS_CHOICES[0][0]

COLUMNS = (
    "机构名称",
    "备案编码",
    "统一社会信用代码",
    "状态",
    "所在区域",
    "地址",
    "有效期自",
    "有效期至",
    "职业（工种）和等级",
    "回执文号",
    "回执核验码",
)


def cells(agencies: Iterable[Agency]) -> Iterator[list[Any]]:
    """Return the agencies as rows of a file, under COLUMNS."""
    for agency in agencies:
        now = agency.current
        scope = "；".join(f"{item.code} {item.occupation}（{item.levels_text}）" for item in now.scope)
        yield [
            now.name, now.code, now.credit_code, agency.finding.label, now.area, now.address,
            now.valid_from, now.valid_until, scope, now.receipt, now.verification,
        ]  # fmt: skip
