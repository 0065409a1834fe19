"""A new application from an ended one: the agency's words, rows and files anew; the pledge, marks and secrets not."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from core.clock.clock import now, today
from core.documents.models import Upload
from core.documents.storage import remove_orphans
from core.reference.models import Occupation
from core.refusals import NotAllowed, Refused
from filings import m7, workflow
from filings.models import Application
from tests.filings.api.calls import caller
from tests.world import BOTH, DAY, SITE, WORDS, World, filled_draft, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=10)


@pytest.fixture
def world() -> World:
    return make_world()


def withdrawn(world: World, on: datetime.date = DAY) -> Application:
    application = submitted(world, on=on)
    mark_all(world, application, on, bad=("venue",))
    workflow.withdraw(application, actor=world.actor("agency admin", on), on=on)
    return Application.objects.get(pk=application.pk)


def anew(world: World, source: Application, on: datetime.date = LATER) -> Application:
    made = workflow.create_application(actor=world.actor("agency admin", on), on=on, based_on=source)
    return Application.objects.get(pk=made.pk)


def stored(table: str, column: str, pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from {table} where id = %s", [pk])
        return str(cursor.fetchone()[0])


def test_everything_of_the_agencys_own_is_there_but_the_pledge(world):
    source = withdrawn(world)
    draft = anew(world, source)
    assert draft.state == "draft"
    assert {name: getattr(draft, name) for name in WORDS} == WORDS
    assert (draft.pledge_signed_on, draft.received_on, draft.receiving) == (None, None, None)
    assert draft.credit_code == draft.agency.credit_code
    site = draft.sites.get()
    assert {name: getattr(site, name) for name in SITE} == SITE
    assert site.pk != source.sites.get().pk
    assert {item.occupation_id: (item.levels, item.question_bank) for item in draft.scope.all()} == dict.fromkeys(
        BOTH, ([5, 4, 3], "国家题库")
    )
    assert all(list(item.sites.all()) == [site] for item in draft.scope.all())
    spans = ("occupation_id", "since", "until", "person_times")
    assert list(draft.records.values_list(*spans)) == list(source.records.values_list(*spans))
    assert [(p.kind, p.name) for p in draft.staff.all()] == [(p.kind, p.name) for p in source.staff.all()]
    # The same checks hold, but for what has to be done anew.
    assert [c.result for c in m7.checks(draft, LATER)] == [c.result for c in m7.checks(source, LATER)]


def test_files_are_handed_in_again_without_their_bytes_and_without_marks(world):
    source = withdrawn(world)
    files = Upload.objects.count()
    draft = anew(world, source)
    before = {m.key: m.upload for m in source.materials.select_related("upload")}
    there = {m.key: m for m in draft.materials.select_related("upload")}
    assert there["pledge"].upload is None
    assert Upload.objects.count() == files + 5
    for key in set(there) - {"pledge"}:
        upload = there[key].upload
        assert (upload.file.name, upload.sha256) == (before[key].file.name, before[key].sha256)
        assert (upload.matter_id, upload.version, upload.on) == (str(draft.pk), 1, LATER)
        assert (there[key].complete, there[key].compliant, there[key].remark) == (None, None, "")
    remove_orphans(now() + datetime.timedelta(days=30))
    assert default_storage.exists(there["venue"].upload.file.name)


def test_personal_numbers_and_names_are_encrypted_anew_in_their_own_rows(world):
    source = withdrawn(world)
    draft = anew(world, source)
    for column in ("legal_representative_id", "contact_phone"):
        old, new = (stored("filings_application", column, row.pk) for row in (source, draft))
        assert old != new
        assert getattr(draft, column) == getattr(source, column) == WORDS[column]
        assert WORDS[column] not in new
    old, new = (row.staff.order_by("id")[0] for row in (source, draft))
    assert old.name == new.name
    assert new.name not in stored("filings_staffmember", "name", new.pk)
    assert stored("filings_staffmember", "name", old.pk) != stored("filings_staffmember", "name", new.pk)


def test_what_can_no_longer_be_applied_for_stays_behind_and_widens_nobody(world):
    source = withdrawn(world)
    source.staff.get(kind="experts").occupations.add(BOTH[0])
    source.staff.get(kind="assessors").occupations.add(*BOTH)
    Occupation.objects.filter(pk=BOTH[0]).update(active=False)
    draft = anew(world, source)
    assert [item.occupation_id for item in draft.scope.all()] == [BOTH[1]]
    assert set(draft.records.values_list("occupation_id", flat=True)) == {BOTH[1]}
    assert not draft.staff.filter(kind="experts").exists()
    assert [one.pk for one in draft.staff.get(kind="assessors").occupations.all()] == [BOTH[1]]


def test_only_an_own_ended_application_can_be_taken_over(world):
    source = withdrawn(world)
    with pytest.raises(NotAllowed):
        workflow.create_application(actor=world.actor("rival admin", LATER), on=LATER, based_on=source)
    blank = workflow.create_application(actor=world.actor("agency admin", LATER), on=LATER)
    workflow.withdraw(blank, actor=world.actor("agency admin", LATER), on=LATER)
    with pytest.raises(Refused) as refusal:
        anew(world, blank)
    assert [reason.code for reason in refusal.value.reasons] == ["not_reusable"]
    assert not Application.objects.filter(state="draft").exists()


def test_an_open_one_cannot_be_taken_over(world):
    open_one = filled_draft(world, on=DAY)
    with pytest.raises(Refused):
        anew(world, open_one)


def test_the_page_offers_both_ways_and_takes_either(client, world):
    client.force_login(world.people["agency admin"].user)
    source = withdrawn(world, today())
    for name in ("desks:home", "filings:agency-applications"):
        page = client.get(reverse(name)).content.decode()
        assert f"沿用 {source.number} 的内容" in page
        assert "从空白开始" in page
    client.post(reverse("filings:agency-start"), {"based_on": source.pk})
    draft = Application.objects.get(state="draft")
    assert draft.scope.count() == 2
    workflow.withdraw(draft, actor=world.actor("agency admin", today()), on=today())
    client.post(reverse("filings:agency-start"))
    assert not Application.objects.get(state="draft").scope.exists()


def test_another_agencys_application_does_not_exist_on_the_page(client, world):
    source = withdrawn(world, today())
    client.force_login(world.people["rival admin"].user)
    assert client.post(reverse("filings:agency-start"), {"based_on": source.pk}).status_code == 404
    assert not Application.objects.filter(state="draft").exists()


def test_the_api_takes_the_ended_one_by_its_id(world):
    source = withdrawn(world, today())
    refused = caller(world, "rival admin").call("POST", "applications/", {"based_on": source.pk}, status=400)
    assert "based_on" in str(refused)
    made = caller(world, "agency admin").call("POST", "applications/", {"based_on": source.pk}, status=201)
    draft = Application.objects.get(pk=made["id"])
    assert (draft.state, draft.scope.count(), draft.pledge_signed_on) == ("draft", 2, None)
