"""The public is answered from publications and what is laid out of them: every public address is asked, and the tables
named in its statements are read off."""

import re
from collections import defaultdict
from collections.abc import Callable
from functools import partial

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anyang_sep.public import PUBLIC
from core.clock.clock import now
from core.documents.issuing import make
from core.documents.models import OfficialDocument
from core.publications.models import Publication
from filings.models import Filing
from registry.open_data import editions
from tests.registry.telling import tell
from tests.registry.test_withdrawn import ASKED, NAMED
from tests.world import DAY

# What is published, what is laid out of it, and who has subscribed to it.
OWN = ("publications_", "registry_", "open_data_", "subscriptions_")
# The few others that any answer may read, and why.
REFERENCE = {
    "reference_area": "the areas by name, and in which quota area each counts: no decision of its own, no row a secret",
    "reference_occupation": "the occupations by name, and which can be applied for: the national classification",
    "reference_setting": "how often one may ask, how long a period is: limits of the portal, not what was decided",
    "clock_dayoffset": "which day it is; there is none in production",
}
# What stays outside, address by address, and why.
PAPERS = {
    "documents_officialdocument": "a receipt is verified against the paper that was signed: its hash is there",
    "filings_settingaside": "whether a ruling has undone the paper",
    "filings_settingaside_papers": "the same",
}
OUTSIDE = {
    "registry:verify": PAPERS,
    "registry:verify-code": PAPERS,
    "registry:receipt-pdf": PAPERS,
    "registry:api-verify": PAPERS,
    "registry:api-verify-pdf": PAPERS,
    "registry:api-receipt": PAPERS,
    "registry:complaint": {"accounts_organisation": "the offices' telephone numbers, as each office keeps them"},
}
# Not asked: whoever comes in is looked for among the accounts, and what machines watch tells nothing of agencies.
ELSEWHERE = ("account", "accounts:", "socialaccount_", "openid_connect_", "api-register", "ops:", "web:")


# What is asked of addresses that answer nothing without it.
QUERIES = dict.fromkeys(("registry:workdays", "registry:api-workdays"), f"?start={DAY}&amount=5&unit=workday")


@pytest.mark.any_engine  # which tables a statement names does not depend on the engine
def test_answering_the_public_reads_no_other_tables(world, application, today, client: Client):
    tell(world)
    receipt = OfficialDocument.objects.get(series="receipt")
    make(receipt)
    edition = editions.make(DAY, now())
    kinds = {row.kind: row.pk for row in Publication.objects.all()}
    assert kinds.keys() == {"filing", "assignment", "urgent", "criteria", "caps", "quota", "calendar"}
    values = {"code": Filing.objects.get().code, "receipt": receipt.code, "announcement": kinds["filing"]}
    files = {"open_data:latest": ["places.csv"], "open_data:file": [str(edition.pk), "places.csv"]}

    def address(name: str) -> str:
        if name == "api-nowhere":
            return "/api/nowhere/"
        return reverse(name, args=[one.format(**values) for one in (NAMED | files).get(name, [])])

    got = [(name, address(name) + QUERIES.get(name, "")) for name in PUBLIC if not name.startswith(ELSEWHERE)]
    got += [("", one) for one in ASKED]
    got += [("registry:announcement", reverse("registry:announcement", args=[pk])) for pk in kinds.values()]
    asked = [(name, partial(client.get, one)) for name, one in got]
    paper = receipt.file.open().read()
    asked += [
        (name, partial(client.post, reverse(name), {"file": SimpleUploadedFile("r.pdf", paper, "application/pdf")}))
        for name in ("registry:verify", "registry:api-verify-pdf")
    ]
    subscription = {"address": "a@example.com", "often": "daily"}
    asked.append(("registry:subscribe", partial(client.post, reverse("registry:subscribe"), subscription)))
    read: dict[str, set[str]] = defaultdict(set)
    for name, ask in asked:
        read[name] |= {one for one in tables(ask) if not one.startswith(OWN)}
    others = {name: found - REFERENCE.keys() for name, found in read.items() if found - REFERENCE.keys()}
    # Exactly what is listed: no list names what nothing reads.
    assert others == {name: set(named) for name, named in OUTSIDE.items()}
    assert set().union(*read.values()) >= REFERENCE.keys()


TABLES = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}


def tables(ask: Callable[[], HttpResponseBase]) -> set[str]:
    """Return the tables that an answer reads or writes, nothing of it kept from before."""
    cache.clear()
    with CaptureQueriesContext(connection) as statements:
        answer = ask()
    assert answer.status_code in {200, 404, 405, 410}, answer
    return {word for one in statements for word in re.findall(r"\w+", one["sql"])} & TABLES
