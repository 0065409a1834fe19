"""Official papers as rows: numbered, frozen and hashed in the transaction that decides; rendered by a job."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from core.accounts.models import Organisation, OrganisationKind
from core.audit import canonical, matters
from core.clock.clock import now
from core.documents import codes
from core.documents.models import OfficialDocument
from core.documents.series import Series, get
from core.jobs import tell
from core.reference.counters import next_numbers


def create(
    series: Series | str,
    *,
    matter: Any,
    key: str,
    issuer: Organisation,
    addressee: Organisation,
    content: Mapping[str, Any],
    on: datetime.date,
    supersedes: OfficialDocument | None = None,
) -> OfficialDocument:
    """Add a paper to the caller's transaction and return its row, pending.

    series: the declared kind or its key; issuer: whose name stands on it (issuing_body() for what binds an agency);
    content: exactly the fields that the series declares, dates and decimals allowed; on: the day it bears. Effects in
    order: the number (without gaps), the frozen row with its hash and verification code, the worker told after commit.
    The same key again returns the first row. Raises KeyError for an unknown series, ValueError for content that does
    not fit the series or differs under the same key, RuntimeError outside a transaction.
    """
    return create_all(series, [New(matter, key, addressee, content, supersedes)], issuer=issuer, on=on)[0]


@dataclass(frozen=True)
class New:
    """A paper to be created; the words as `create` has them."""

    matter: Any
    key: str
    addressee: Organisation
    content: Mapping[str, Any]
    supersedes: OfficialDocument | None = None


def create_all(
    series: Series | str, wanted: Sequence[New], *, issuer: Organisation, on: datetime.date
) -> list[OfficialDocument]:
    """Add several papers of one series, as `create` adds one, with the same few queries for any number of them."""
    if not connection.in_atomic_block:
        raise RuntimeError("a paper is created inside the transaction that decides it")
    if isinstance(series, str):
        series = get(series)
    found = OfficialDocument.objects.in_bulk([one.key for one in wanted], field_name="key")
    fresh = []
    moment = now()
    for one in wanted:
        frozen = freeze(series, one.content)
        if row := found.get(one.key):
            if row.content != frozen or row.series != series.key:
                raise ValueError(f"another paper was issued under the key {one.key}")
            continue
        matter_type, matter_id = matters.key(one.matter)
        found[one.key] = OfficialDocument(
            series=series.key,
            title=series.title,
            issuer=issuer,
            issuer_name=issuer.name,
            addressee=one.addressee,
            addressee_name=one.addressee.name,
            matter_type=matter_type,
            matter_id=matter_id,
            key=one.key,
            content=frozen,
            code=codes.new(),
            on=on,
            supersedes=one.supersedes,
            public=series.public,
            next_try_at=moment,
            created_at=moment,
        )
        fresh.append(found[one.key])
    if fresh:
        numbers = next_numbers(series.counter(issuer), on.year, len(fresh))
        for row, number in zip(fresh, numbers, strict=True):
            row.number = series.number(issuer, on, number)
            row.content_hash = content_hash(row)
        OfficialDocument.objects.bulk_create(fresh)
    from core.documents.tasks import issue

    for row in fresh:
        tell(issue, row.pk)
    return [found[one.key] for one in wanted]


def freeze(series: Series, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content as plain JSON. Raises ValueError unless it holds exactly the fields the series declares."""
    series.check(dict(content))
    frozen: dict[str, Any] = json.loads(json.dumps(content, cls=DjangoJSONEncoder))
    return frozen


def record(document: OfficialDocument) -> dict[str, Any]:
    """What a paper says, as data: the part that is hashed, and embedded in the PDF."""
    return {
        "series": document.series,
        "number": document.number,
        "title": document.title,
        "issuer": document.issuer_name,
        "addressee": document.addressee_name,
        "date": document.on.isoformat(),
        "code": document.code,
        "supersedes": document.supersedes.number if document.supersedes else "",
        "content": document.content,
    }


def content_hash(document: OfficialDocument) -> str:
    """Return the SHA-256 (hex) of the paper's canonical record."""
    return canonical.content_hash(record(document))


def issuing_body(organisation: Organisation) -> Organisation:
    """Return in whose name an authority's act is issued: the centre acts for the municipal bureau (M4)."""
    if organisation.kind == OrganisationKind.CENTRE and organisation.parent:
        return organisation.parent
    return organisation
