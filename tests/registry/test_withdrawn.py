"""What is withdrawn is gone at once at every public address: pages, files, feed and API, whoever held it before."""

from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from anyang_sep.public import PUBLIC
from core.documents.issuing import make
from core.documents.models import OfficialDocument
from core.publications import register
from core.publications.models import Publication
from core.reference.models import Setting
from filings.samples import SAMPLES
from tests.world import DAY

NAME, CODE = "文峰区甲职业培训学校", "S000041000001"
# Of the addresses that name one thing: which. A new one must say so here.
NAMED = {
    "registry:agency": ["{code}"],
    "registry:verify-code": ["{receipt}"],
    "registry:receipt-pdf": ["{receipt}"],
    "registry:announcement": ["{announcement}"],
    "registry:sample": [next(iter(SAMPLES))],
    "registry:explain": ["M10"],
    "registry:api-agency": ["{code}"],
    "registry:api-verify": ["{receipt}"],
    "registry:api-receipt": ["{receipt}"],
    "registry:api-announcement": ["{announcement}"],
    "registry:confirm-subscription": ["x"],
    "registry:unsubscribe": ["x"],
}
# What a reader may ask besides: in such an answer the agency must not stand either.
ASKED = [
    f"/agencies/?q={quote(NAME)}",
    "/agencies/?export=csv",
    f"/api/v1/public/agencies/?q={CODE}",
    "/guide/places/?show=free",
]
LISTING = {
    "registry:home",
    "registry:agencies",
    "registry:announcements",
    "registry:announcement-feed",
    "registry:verify-code",
    "registry:api-agencies",
    "registry:api-announcements",
    "registry:api-verify",
    *ASKED[:3],
}
GONE = {
    "registry:agency": 404,
    "registry:receipt-pdf": 404,
    "registry:announcement": 410,
    "registry:api-agency": 404,
    "registry:api-receipt": 404,
    "registry:api-announcement": 410,
}


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_nothing_withdrawn_is_left_at_any_public_address(today, application, client: Client):
    Setting.objects.create(key="verify_per_minute", value=1_000, effective_from=DAY, note="测试")
    receipt = OfficialDocument.objects.get(series="receipt")
    make(receipt)
    row = Publication.objects.get(kind="filing")
    values = {"code": CODE, "receipt": receipt.code, "announcement": row.pk}
    addresses = {
        name: reverse(name, args=[value.format(**values) for value in NAMED.get(name, [])])
        for name in PUBLIC
        if name.startswith("registry:") and name != "registry:api-verify-pdf"
    } | {address: address for address in ASKED}
    before = {name: client.get(address) for name, address in addresses.items()}
    shown = {name for name, answer in before.items() if NAME.encode() in body(answer)}
    files = {"registry:receipt-pdf", "registry:api-receipt"}
    assert shown >= (GONE.keys() - files) | LISTING
    assert all(before[name].status_code == 200 for name in GONE)
    assert all("no-store" in before[name]["Cache-Control"] for name in files), "a file is kept nowhere"
    register.withdraw(row.key, on=DAY, reason="更正")
    for name, address in addresses.items():
        tag = before[name].get("ETag")
        for headers in ({}, {"If-None-Match": tag} if tag else {}):
            answer = client.get(address, headers=headers)
            if name in shown or name in GONE:
                assert answer.status_code == GONE.get(name, 200), name
            left = body(answer).decode(errors="replace")
            typed = name == ASKED[0]  # the search box says what was typed
            assert left.count(NAME) <= typed, name
            assert row.content["credit_code"] not in left, name
