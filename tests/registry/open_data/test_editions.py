"""An edition is there whole or not at all, is never handed out once it holds something withdrawn, and does not stay."""

import base64
import datetime
import hashlib

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse

from core.clock.clock import now, real_now
from core.publications import register
from core.publications.models import Publication
from desks.health import jobs
from registry.open_data import editions, tasks
from registry.open_data.models import Edition, EditionFile
from tests.registry.open_data.packages import body, tables
from tests.world import DAY

pytestmark = pytest.mark.django_db

LATEST = reverse("open_data:latest", args=["agencies.csv"])
ONE = datetime.timedelta(days=1)


def stored() -> set[str]:
    return {f"{editions.FOLDER}/{name}" for name in default_storage.listdir(editions.FOLDER)[1]}


def withdraw(row: Publication) -> None:
    register.withdraw(row.key, on=DAY, reason="公布有误")


def test_nothing_withdrawn_can_be_fetched_after_the_commit_even_where_no_worker_runs(
    application, publish_agency, client, today, monkeypatch, django_capture_on_commit_callbacks
):
    told: list[object] = []
    monkeypatch.setattr(tasks.publish, "apply_async", lambda *args, **options: told.append(args))
    wrong = publish_agency(2, "公布错了的学校")
    first = editions.make(DAY, now())
    own = reverse("open_data:file", args=[first.pk, "agencies.csv"])
    assert "公布错了" in body(client.get(LATEST)).decode()
    # What came after it is none of its business: it holds nothing of that.
    later = publish_agency(3, "后来的学校")
    withdraw(later)
    assert client.get(LATEST).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(wrong)
    assert len(told) == 1
    for address, status in ((LATEST, 503), (own, 410)):
        gone = client.get(address)
        assert (gone.status_code, gone.get("ETag")) == (status, None)
        assert "公布错了" not in gone.content.decode()
        assert client.get(address, headers={"If-None-Match": f'"{first.files.first().sha256}"'}).status_code == status
    assert client.get(LATEST)["Retry-After"]
    page = client.get(reverse("open_data:home"))
    assert "正在重新生成" in page.content.decode()
    assert "sha256" not in str(page.context["sets"])
    # What the worker then does: another one, and the old file is gone from the store.
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.publish() == {"made": 1, "removed": 1}
    assert [row["name"] for row in tables(client)["agencies-json"]] == ["文峰区甲职业培训学校"]
    assert client.get(own).status_code == 404
    assert stored() == set(EditionFile.objects.values_list("file", flat=True))
    assert tasks.publish() == {"made": 0, "removed": 0}


def test_a_day_gets_one_edition_of_its_own_as_of_that_day(application, client, today):
    assert client.get(LATEST).status_code == 404
    assert "还没有生成" in client.get(reverse("open_data:home")).content.decode()
    assert [tasks.publish()["made"] for _ in range(2)] == [1, 0]
    # The last day of validity, and the one after: nothing else has happened.
    until = datetime.date.fromisoformat(Publication.objects.get(kind="filing").content["valid_until"])
    for day, status in ((until, "valid"), (until + ONE, "expired")):
        today(day)
        assert tasks.publish()["made"] == 1
        row = tables(client)["agencies-json"][0]
        assert (row["as_of"], row["status"]) == (day, status)
    assert jobs.JOBS["publish-open-data"].counts[0][0] == "made"


def test_it_is_there_whole_or_not_at_all(application, client, monkeypatch):
    editions.make(DAY, now())
    before = body(client.get(LATEST))
    names = stored()

    def broken(edition, files):
        raise OSError("disk full")

    monkeypatch.setattr(editions.package, "content", broken)
    with pytest.raises(OSError, match="disk full"):
        editions.make(DAY, now())
    assert Edition.objects.count() == 1
    assert body(client.get(LATEST)) == before
    # What was stored for it is no row's, and goes when it is certain that nobody is at it.
    left = stored() - names
    assert left
    assert editions.clear_away(now(), real_now()) == 0
    assert stored() - names == left
    editions.clear_away(now(), real_now() + editions.ABANDONED + ONE)
    assert stored() == names


def test_old_editions_go_and_the_newest_stays_however_old(application, client, django_capture_on_commit_callbacks):
    moment = now()
    first = editions.make(DAY, moment)
    second = editions.make(DAY, moment + ONE)
    address = reverse("open_data:file", args=[first.pk, "scope.json"])
    assert editions.clear_away(moment + editions.KEPT, real_now()) == 0
    assert client.get(address).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert editions.clear_away(moment + 9 * editions.KEPT, real_now()) == 1
    assert client.get(address).status_code == 404
    assert list(Edition.objects.all()) == [second]
    assert stored() == set(second.files.values_list("file", flat=True))


def test_a_file_comes_with_what_a_program_needs(application, client, today, capsys):
    call_command("publish_open_data")
    printed = capsys.readouterr().out
    edition = Edition.objects.get()
    for name, kind in (
        ("agencies.csv", "text/csv; charset=utf-8"),
        ("agencies.json", "application/json"),
        ("agencies.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("datapackage.json", "application/json"),
    ):
        answer = client.get(reverse("open_data:latest", args=[name]))
        data = body(answer)
        digest = hashlib.sha256(data)
        assert answer["Content-Type"] == kind
        assert answer["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        assert answer["ETag"] == f'"{digest.hexdigest()}"'
        assert answer["Content-Length"] == str(len(data))
        assert answer["Content-Location"] == reverse("open_data:file", args=[edition.pk, name])
        assert (answer["Cache-Control"], answer["Access-Control-Allow-Origin"]) == ("public, no-cache", "*")
        assert f"{digest.hexdigest()}  {name}" in printed
        unchanged = client.get(reverse("open_data:latest", args=[name]), headers={"If-None-Match": answer["ETag"]})
        assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", answer["ETag"])
    named = client.head(LATEST)
    assert named["Content-Disposition"] == 'attachment; filename="agencies-20260918.csv"'
    assert named.status_code == 200
    for wrong in ("agencies.exe", "..%2F..%2Fetc%2Fpasswd", "agencies.csv.bak"):
        assert client.get(f"/open-data/latest/{wrong}").status_code == 404
    assert client.get("/open-data/999999999999999999999/agencies.csv").status_code == 404
    assert client.post(LATEST).status_code == 405


def test_the_page_tells_all_there_is_to_know(application, client, today):
    edition = editions.make(DAY, now())
    text = client.get(reverse("open_data:home")).content.decode()
    for file in edition.files.all():
        assert reverse("open_data:latest", args=[file.name]) in text
        assert file.sha256 in text or not file.dataset
    from registry.open_data.datasets import DATASETS

    for dataset in DATASETS:
        for column in dataset.columns:
            assert all(words in text for words in (column.name, column.title, column.description)), column.name
    assert "2026年9月18日" in text
    assert "须注明来源" in text
    assert f'href="{reverse("open_data:home")}"' in client.get("/").content.decode()  # from the foot of each page
