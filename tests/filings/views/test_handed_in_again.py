"""What a material was last handed in anew for is said in its own word: 补正 before acceptance, 补充 in assessment."""

import pytest
from django.urls import reverse

from core.clock.clock import today
from filings import workflow
from tests.world import assessing, file, make_world, mark_all, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def seen_by(world, who: str, application) -> str:
    return world.browser(who).get(reverse("filings:application", args=[application.pk])).content.decode()


def test_after_a_correction(world):
    on, agency = today(), world.actor("agency admin", today())
    application = submitted(world, on=on)
    mark_all(world, application, on, bad=("venue",))
    workflow.request_correction(application, actor=world.actor("county handler", on), on=on, days=10)
    workflow.answer_item(application, "venue", actor=agency, on=on, file=file("平面图.pdf"))
    workflow.resubmit(application, actor=agency, on=on)
    page = seen_by(world, "county handler", application)
    assert page.count("本次补正改动过") == 1
    assert "本次补充" not in page


def test_after_a_supplement(world):
    on, agency = today(), world.actor("agency admin", today())
    application = assessing(world, on=on)
    items = [{"material": "venue", "what": "请补充"}, {"part": "sites", "what": "请写明"}]
    workflow.invite_supplements(application, actor=world.actor("centre handler", on), on=on, items=items)
    workflow.answer_item(application, "venue", actor=agency, on=on, file=file("平面图.pdf"))
    workflow.supply_supplements(application, actor=agency, on=on)
    page = seen_by(world, "centre handler", application)
    assert page.count("本次补充时改动过") == 1
    assert "本次补正" not in page
