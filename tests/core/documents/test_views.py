import uuid

import pytest
from django.urls import reverse

from core.audit.models import Event
from core.clock.clock import now
from core.documents import access, issuing
from core.documents.uploads import receive
from tests.core.documents import files
from tests.core.documents.conftest import DAY
from tests.core.documents.test_papers import create


@pytest.fixture(autouse=True)
def readers(house, monkeypatch):
    """The agency and its county may read; nothing in the slot "secret"."""
    monkeypatch.setattr(access, "_predicates", {})

    def may(actor, matter_id, part):
        return part != "secret" and actor.organisation_id in {int(matter_id), house.county.pk}

    access.register("accounts.organisation", may)


def take(house, data=None, name="机构 基本情况.pdf", slot="profile"):
    return receive(
        files.as_upload(data or files.pdf(), name), matter=house.agency, slot=slot, actor=house.clerk, on=DAY
    )


def as_(client, actor):
    client.force_login(actor.user)
    return client


def url(upload):
    return reverse("documents:upload", args=[upload.pk])


def test_a_pdf_opens_beside_the_work_with_its_chinese_name(house, client):
    upload = take(house)
    answer = as_(client, house.clerk).get(url(upload))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == upload.file.read()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''%E6%9C%BA%E6%9E%84")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_picture_is_shown_and_a_table_is_saved(house, client):
    client = as_(client, house.clerk)
    picture = client.get(url(take(house, files.picture("PNG"), "照片.png")))
    assert picture["Content-Disposition"].startswith("inline")
    assert picture["Content-Security-Policy"].startswith("default-src 'none'")
    table = client.get(url(take(house, files.xlsx(), "名册.xlsx")))
    assert table["Content-Disposition"].startswith("attachment")
    assert table["Content-Security-Policy"].startswith("sandbox")
    assert client.get(url(take(house)) + "?download")["Content-Disposition"].startswith("attachment")


def test_whoever_may_not_read_finds_nothing(house, client):
    upload, secret = take(house), take(house, slot="secret")
    assert as_(client, house.stranger).get(url(upload)).status_code == 404
    assert as_(client, house.clerk).get(url(secret)).status_code == 404
    assert client.get(reverse("documents:upload", args=[uuid.uuid4()])).status_code == 404
    client.logout()
    assert client.get(url(upload)).status_code == 302


def test_files_of_a_matter_nobody_registered_are_nobodys(house, client, monkeypatch):
    upload = take(house)
    monkeypatch.setattr(access, "_predicates", {})
    assert as_(client, house.clerk).get(url(upload)).status_code == 404


def test_an_officers_view_is_recorded_and_an_agencys_is_not(house, client):
    upload = take(house)
    as_(client, house.clerk).get(url(upload))
    assert not Event.objects.filter(verb="document.view").exists()
    as_(client, house.handler).get(url(upload))
    event = Event.objects.get(verb="document.view")
    assert (event.outcome, event.matter_id) == ("viewed", str(house.agency.pk))
    assert event.payload == {"upload": str(upload.pk), "slot": "profile", "version": 1}
    assert event.actor_organisation_id == house.county.pk


def test_a_paper_is_served_by_id_and_code_once_it_is_made(house, client):
    paper = create(house)
    client = as_(client, house.clerk)
    for reference in (paper.pk, paper.code):
        waiting = client.get(reverse("documents:paper", args=[reference]))
        assert (waiting.status_code, waiting["Retry-After"]) == (202, "3")
    issuing.run(now())
    for reference in (paper.pk, paper.code, paper.code.lower()):
        answer = client.get(reverse("documents:paper", args=[reference]))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content).startswith(b"%PDF-1.7")
    assert as_(client, house.stranger).get(reverse("documents:paper", args=[paper.code])).status_code == 404
    assert client.get(reverse("documents:paper", args=["no-such-code"])).status_code == 404


def test_who_may_read_is_said_once():
    with pytest.raises(ValueError, match="already registered"):
        access.register("accounts.organisation", lambda actor, matter_id, part: True)
