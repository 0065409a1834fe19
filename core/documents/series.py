"""The kinds of official papers (文种): title, template, number, and exactly which fields each one freezes."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from core.accounts.models import Organisation, OrganisationKind

# 机关代字: how an issuer is named in a document number. An area not listed is named by its own name.
COUNTY_WORDS = {
    "410502": "文人社",
    "410503": "北人社",
    "410505": "殷人社",
    "410506": "龙人社",
    "410522": "安县人社",
    "410523": "汤人社",
    "410526": "滑人社",
    "410527": "内人社",
    "410571": "安高组人",
    "410581": "林人社",
}
ISSUER_WORDS: dict[str, str] = {OrganisationKind.BUREAU: "安人社", OrganisationKind.CENTRE: "安职鉴"}


@dataclass(frozen=True)
class Series:
    """One kind of paper.

    key: "acceptance"; title: 受理通知书; word: the kind's part of the number, "职评受" in 安人社职评受〔2026〕3号;
    template: below templates/; fields: what the content must hold, optional: what it may hold besides, nothing else
    is let in. An adverse paper must hold "remedies" (how it can be challenged). public: anyone with the code may read
    the content. letterhead: the issuer's name in red above a rule; without it the paper is a slip (收件凭证).
    correctable: paths of the words in which a clerical error may be mended ("reasons.*.text"), by a new paper that
    supersedes it and holds "correction" besides.
    """

    key: str
    title: str
    word: str
    template: str
    fields: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    adverse: bool = False
    public: bool = False
    letterhead: bool = True
    correctable: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.adverse and "remedies" not in self.fields:
            raise ValueError(f"{self.key}: an adverse paper says how it can be challenged")

    def check(self, content: dict[str, object]) -> None:
        """Raise ValueError unless the content holds exactly the declared fields."""
        missing = set(self.fields) - set(content)
        more = {"correction"} if self.correctable else set()
        unknown = set(content) - set(self.fields) - set(self.optional) - more
        if missing or unknown:
            raise ValueError(f"{self.key}: missing {sorted(missing)}, not declared {sorted(unknown)}")

    def counter(self, issuer: Organisation) -> str:
        """The number without year and figure; also the counter's name, so that equal words share one count."""
        return issuer_word(issuer) + self.word

    def number(self, issuer: Organisation, on: datetime.date, count: int) -> str:
        """The document number (文号): 安人社职评受〔2026〕3号."""
        return f"{self.counter(issuer)}〔{on.year}〕{count}号"


def issuer_word(issuer: Organisation) -> str:
    """Return the issuer's word (机关代字) in document numbers."""
    if issuer.kind == OrganisationKind.COUNTY and issuer.area_id:
        return COUNTY_WORDS.get(issuer.area_id) or f"{issuer.area}人社"
    return ISSUER_WORDS.get(issuer.kind) or issuer.name


_registry: dict[str, Series] = {}


def register(*series: Series) -> None:
    """Declare kinds of papers, from an app's ready(). Raises ValueError for a key that another kind has."""
    for one in series:
        if _registry.setdefault(one.key, one) != one:
            raise ValueError(f"two kinds of paper are called {one.key}")


def get(key: str) -> Series:
    """Return the declared kind. Raises KeyError."""
    return _registry[key]


def registered() -> Iterator[Series]:
    """Every declared kind, in the order of declaration."""
    return iter(tuple(_registry.values()))
