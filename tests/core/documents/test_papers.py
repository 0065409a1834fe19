import datetime
import json

import pytest
from django.db import IntegrityError, connection, transaction

from core.audit.canonical import content_hash
from core.documents import codes, papers
from core.documents.models import DocumentState, OfficialDocument
from core.documents.series import Series, get, register
from filings.documents import ACCEPTANCE, DECLINE, RECEIPT
from tests.core.documents.conftest import DAY
from tests.core.documents.samples import CONTENTS


def create(house, key="a", series=ACCEPTANCE, issuer=None, on=DAY, **more):
    with transaction.atomic():
        return papers.create(
            series,
            matter=house.agency,
            key=key,
            issuer=issuer or house.county,
            addressee=house.agency,
            content=more.pop("content", CONTENTS[series.key]),
            on=on,
            **more,
        )


def test_a_paper_is_numbered_frozen_hashed_and_pending(house):
    paper = create(house)
    assert paper.number == "文人社职评受〔2026〕1号"
    assert paper.state == DocumentState.PENDING
    assert paper.content["accepted_on"] == "2026-09-22"
    assert (paper.issuer_name, paper.addressee_name) == (house.county.name, house.agency.name)
    assert codes.normalise(paper.code) == paper.code
    assert paper.content_hash == content_hash(papers.record(paper)) == papers.content_hash(paper)


def test_numbers_count_by_issuer_series_and_year_without_gaps(house):
    class Undo(Exception):
        pass

    create(house, "1")
    with pytest.raises(Undo), transaction.atomic():
        create(house, "lost")
        raise Undo
    numbers = [
        create(house, "2").number,
        create(house, "3", issuer=house.bureau).number,
        create(house, "4", RECEIPT, issuer=house.bureau).number,
        create(house, "5", on=datetime.date(2027, 1, 4)).number,
    ]
    assert numbers == [
        "文人社职评受〔2026〕2号",
        "安人社职评受〔2026〕1号",
        "安人社职评备〔2026〕1号",
        "文人社职评受〔2027〕1号",
    ]


def test_the_same_key_is_the_same_paper(house):
    first = create(house)
    assert create(house) == first
    assert OfficialDocument.objects.count() == 1
    with pytest.raises(ValueError, match="another paper"):
        create(house, content=CONTENTS["acceptance"] | {"accepted_on": DAY})


def test_content_holds_exactly_the_declared_fields(house):
    with pytest.raises(ValueError, match="missing"):
        create(house, content={"kind": "首次备案"})
    with pytest.raises(ValueError, match="not declared"):
        create(house, content=CONTENTS["acceptance"] | {"id_number": "x"})


def test_a_paper_needs_the_transaction_that_decides_it(transactional_db):
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError):
        papers.create(ACCEPTANCE, matter=("x", "1"), key="a", issuer=None, addressee=None, content={}, on=DAY)


def test_an_adverse_paper_must_say_how_it_can_be_challenged():
    with pytest.raises(ValueError, match="challenged"):
        Series(key="x", title="x", word="x", template="x", adverse=True)
    assert DECLINE.adverse


def test_a_series_is_declared_once():
    register(ACCEPTANCE)
    assert get("acceptance") is ACCEPTANCE
    with pytest.raises(ValueError, match="two kinds"):
        register(Series(key="acceptance", title="别的", word="x", template="x"))


def test_what_the_centre_decides_is_issued_by_the_bureau(house):
    assert papers.issuing_body(house.centre) == house.bureau
    assert papers.issuing_body(house.county) == house.county


@pytest.mark.parametrize(
    "change",
    [{"number": "改"}, {"content": {}}, {"content_hash": "0"}, {"code": "x"}, {"on": DAY}, {"issuer_name": "改"}],
)
def test_what_was_decided_cannot_be_changed_even_before_it_is_issued(house, change):
    paper = create(house)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialDocument.objects.filter(pk=paper.pk).update(**change)


def test_a_paper_cannot_be_removed(house):
    paper = create(house)
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic():
            paper.delete()


@pytest.fixture
def no_broker():
    from anyang_sep.celery import app

    def forget() -> None:
        app._pool = app.amqp._producer_pool = None

    before = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    forget()
    yield
    app.conf.broker_url = before
    forget()


def test_a_broker_that_is_gone_does_not_fail_the_request(house, no_broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        create(house)
    assert len(callbacks) == 1
    assert OfficialDocument.objects.get().state == DocumentState.PENDING


def test_codes_avoid_what_looks_alike_and_read_any_way_of_typing():
    made = {codes.new() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01OIL")
    code = made.pop()
    assert codes.normalise(f" {code.lower().replace('-', ' ')}  ") == code
    assert codes.normalise(code.replace("-", "－")) == code
    assert codes.normalise("0" * 16) == codes.normalise("ABC") == codes.normalise("") == ""


def test_the_record_is_plain_json(house):
    assert json.loads(json.dumps(papers.record(create(house))))["content"]["kind"] == "首次备案"
