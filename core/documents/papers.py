"""Official papers as rows: numbered, frozen and hashed in the transaction that decides; rendered by a job."""

import datetime
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from core.accounts.models import Organisation, OrganisationKind
from core.audit import canonical, matters
from core.documents import codes
from core.documents.models import OfficialDocument
from core.documents.series import Series, get
from core.jobs import tell
from core.reference.counters import next_number


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
    if not connection.in_atomic_block:
        raise RuntimeError("a paper is created inside the transaction that decides it")
    if isinstance(series, str):
        series = get(series)
    frozen = freeze(series, content)
    if row := OfficialDocument.objects.filter(key=key).first():
        if row.content != frozen or row.series != series.key:
            raise ValueError(f"another paper was issued under the key {key}")
        return row
    matter_type, matter_id = matters.key(matter)
    row = OfficialDocument(
        series=series.key,
        number=series.number(issuer, on, next_number(series.counter(issuer), on.year)),
        title=series.title,
        issuer=issuer,
        issuer_name=issuer.name,
        addressee=addressee,
        addressee_name=addressee.name,
        matter_type=matter_type,
        matter_id=matter_id,
        key=key,
        content=frozen,
        code=codes.new(),
        on=on,
        supersedes=supersedes,
        public=series.public,
    )
    row.content_hash = content_hash(row)
    row.save()
    from core.documents.tasks import issue

    tell(issue, row.pk)
    return row


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
