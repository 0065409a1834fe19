"""A world with published filings: real ones by the workflow, and records published as later issues will."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.documents.models import OfficialDocument
from core.publications import register
from core.publications.models import Publication
from filings.models import Application
from tests.world import DAY, World, approved, make_world


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_world()


@pytest.fixture
def application(world: World) -> Application:
    """An application approved whole on DAY: two occupations, one site, filing code S000041000001."""
    return approved(world)


@pytest.fixture
def receipt(application: Application) -> OfficialDocument:
    return OfficialDocument.objects.get(series="receipt")


@pytest.fixture
def issued(receipt: OfficialDocument) -> OfficialDocument:
    """The receipt, rendered and signed."""
    from core.documents.issuing import make

    make(receipt)
    receipt.refresh_from_db()
    return receipt


@pytest.fixture
def republish(application: Application) -> Callable[..., Publication]:
    """Publish the filing's record anew with some fields changed, as an event on a day."""

    def publish(on: datetime.date, **changed: Any) -> Publication:
        first = Publication.objects.filter(kind="filing").order_by("id").last()
        assert first is not None
        return register.publish(
            "filing",
            key=f"{first.key}:{on}:{len(changed)}",
            title=first.title,
            content={**first.content, **changed},
            matter=application,
            on=on,
        )

    return publish


@pytest.fixture
def publish_agency(application: Application) -> Callable[..., Publication]:
    """Publish another agency: its name and serial, anything else like the first one's."""

    def publish(serial: int, name: str, on: datetime.date = DAY, **fields: Any) -> Publication:
        first = Publication.objects.filter(kind="filing").order_by("id").first()
        assert first is not None
        own = {
            "name": name,
            "code": f"S000041{serial:06d}",
            "credit_code": f"52410523MJ{serial:07d}X",
            "receipt": f"安人社职评备〔2026〕{serial}号",
            "verification": f"TEST-{serial:04d}-AAAA-BBBB",
        }
        return register.publish(
            "filing", key=f"test:{serial}", title=name, content={**first.content, **own, **fields},
            matter=application, on=on,
        )  # fmt: skip

    return publish


@pytest.fixture
def today() -> Iterator[Callable[[datetime.date], None]]:
    """Set the day of the requests that follow: `today(day)`."""
    import time_machine

    travellers: list[Any] = []

    def travel(day: datetime.date) -> None:
        if travellers:
            travellers.pop().stop()
        traveller = time_machine.travel(datetime.datetime.combine(day, datetime.time(4), datetime.UTC), tick=True)
        traveller.start()
        travellers.append(traveller)

    travel(DAY)
    yield travel
    travellers.pop().stop()
