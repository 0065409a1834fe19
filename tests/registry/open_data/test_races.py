"""Several transactions at once, on PostgreSQL: nobody who follows the list misses a change, and nothing withdrawn
while an edition is being made is handed out with it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core.clock.clock import now
from core.publications import register
from registry.open_data import changes, editions, package
from registry.open_data.models import Change, Edition
from tests.world import DAY

pytestmark = [pytest.mark.postgres_only, pytest.mark.django_db(transaction=True)]

MATTER = ("filings.quotadecision", "7")


def publish(year: str | int):
    """By its year; of a list of changes alone any word will do."""
    content = {"year": year, "places": 1, "source": "文"}
    return register.publish("quota", key=str(year), title="名额", content=content, matter=MATTER, on=DAY)


def elsewhere(function):
    """Run it on a connection of its own; return what it returned."""

    def alone():
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone).result(timeout=30)


def followed(after: int) -> list[tuple[int, str]]:
    return [(one.number, one.key) for one in changes.since(after)]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def test_what_is_written_first_and_committed_last_is_not_missed():
    with transaction.atomic():
        publish("early")
        elsewhere(lambda: publish("late"))
        assert Change.objects.get(key="early").pk < Change.objects.get(key="late").pk
        seen = elsewhere(lambda: followed(0))
        assert [key for _, key in seen] == ["late"]
    assert [key for _, key in followed(seen[-1][0])] == ["early"]
    assert [key for _, key in followed(0)] == ["late", "early"]


def test_readers_and_writers_at_once_each_see_every_change_once_in_one_order():
    """Three publish, some of what they do is rolled back; three follow by cursor until they have it all."""
    done = threading.Event()

    def write(who: int) -> None:
        for number in range(8):
            try:
                with transaction.atomic():
                    publish(f"{who}-{number}")
                    if number % 4 == 3:
                        raise KeyError
            except KeyError:
                pass
        connection.close()

    def follow() -> list[tuple[int, str]]:
        seen: list[tuple[int, str]] = []
        while True:
            last = done.is_set()
            found = followed(seen[-1][0] if seen else 0)
            seen += found
            if last and not found:
                connection.close()
                return seen

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(follow) for _ in range(3)]
        list(pool.map(write, range(3)))
        done.set()
        stories = [one.result(timeout=60) for one in readers]
    assert len(stories[0]) == 18
    assert stories[0] == stories[1] == stories[2] == followed(0)
    assert [number for number, _ in stories[0]] == list(range(1, 19))


def test_what_is_withdrawn_while_an_edition_is_made_keeps_it_back(monkeypatch):
    publish(2026)
    wrong = publish(2027)
    content = package.content

    def meanwhile(edition, files):
        elsewhere(lambda: register.withdraw(wrong.key, on=DAY, reason="公布有误"))
        elsewhere(lambda: publish(2028))
        assert elsewhere(lambda: editions.make(DAY, now())) is None  # one at a time
        monkeypatch.setattr(package, "content", content)
        return content(edition, files)

    monkeypatch.setattr(package, "content", meanwhile)
    made = editions.make(DAY, now())
    # All its files are of one state of the data, and that is no longer to be seen.
    titles = {name: made.files.get(name=name).rows for name in ("announcements.csv", "announcements.xlsx")}
    assert titles == {"announcements.csv": 2, "announcements.xlsx": 2}
    assert not editions.may_be_served(made)
    assert editions.make_due(DAY, now())
    newest = editions.newest()
    assert editions.may_be_served(newest)
    assert newest.files.get(name="announcements.csv").rows == 2  # 2026 and 2028
    assert Edition.objects.count() == 2
