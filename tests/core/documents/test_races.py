"""Several workers and uploaders at once, on PostgreSQL."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from core.clock.clock import now
from core.documents import issuing
from core.documents.models import OfficialDocument, Upload
from core.documents.uploads import receive
from core.notifications import delivery, outbox
from core.notifications.models import Delivery, Message
from tests.core.documents import files
from tests.core.documents.conftest import DAY
from tests.core.documents.test_papers import create

pytestmark = [pytest.mark.postgres_only, pytest.mark.django_db(transaction=True)]


def at_once(*work: Callable[[], object]) -> list:
    """Run all of it at the same time, each on a connection of its own; raise what any of them raised."""

    def alone(function: Callable[[], object]) -> object:
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(alone, work))


def test_workers_share_the_papers_and_make_each_once(house, settings):
    for number in range(6):
        create(house, str(number))
    counts = at_once(*[lambda: issuing.run(now())] * 3)
    assert sum(count["issued"] for count in counts) == 6
    assert OfficialDocument.objects.filter(state="issued", attempts=1).count() == 6
    assert sum(path.is_file() for path in settings.MEDIA_ROOT.rglob("*")) == 6


def test_uploads_at_the_same_moment_get_versions_of_their_own(house):
    def take() -> object:
        file = files.as_upload(files.pdf())
        return receive(file, matter=house.agency, slot="profile", actor=house.clerk, on=DAY)

    at_once(*[take] * 6)
    assert sorted(Upload.objects.values_list("version", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_numbers_given_at_the_same_moment_have_no_gaps(house):
    at_once(*[lambda number=number: create(house, str(number)) for number in range(6)])
    numbers = {paper.number for paper in OfficialDocument.objects.all()}
    assert numbers == {f"文人社职评受〔2026〕{count}号" for count in range(1, 7)}


def test_a_message_sent_twice_at_once_is_one_and_is_mailed_once(house, mailoutbox):
    def send() -> Message:
        return outbox.send("k", "notice", organisation=house.county, title="题", body="文", on=DAY)

    assert len({message.pk for message in at_once(*[send] * 4)}) == 1
    counts = Counter()
    for count in at_once(*[lambda: delivery.run(now())] * 4):
        counts.update(count)
    assert counts["sent"] == 1
    assert Delivery.objects.get().state == "sent"
