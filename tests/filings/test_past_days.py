"""A day that can only lie behind us is refused at both doors, in the same words; today is fine."""

import datetime

import pytest
from django.urls import reverse

from core.clock.clock import today
from core.refusals import Invalid
from filings import past_days, workflow
from filings.models import Application
from filings.workflow.draft_rows import ROWS, add_row, save_row
from tests.filings.api.calls import caller
from tests.world import make_world

pytestmark = pytest.mark.django_db
STEPS = {"registered_on": "agency", "training_since": "occupations", "pledge_signed_on": "pledge"}
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def draft(world) -> Application:
    return workflow.create_application(actor=world.actor("agency admin", today()), on=today())


@pytest.mark.parametrize("name", STEPS)
def test_an_own_day_of_tomorrow_is_refused_at_both_doors(client, world, draft, name):
    client.force_login(world.people["agency admin"].user)
    address = reverse("filings:agency-step", args=[draft.pk, STEPS[name]])
    form = {"name": draft.name, "credit_code": draft.credit_code, "area": draft.area_id}
    tomorrow = today() + ONE_DAY
    (reason,) = past_days.against({name: tomorrow}, today())
    answer = client.post(address, {**form, name: tomorrow})
    assert answer.status_code == 422
    assert reason.text in answer.content.decode()
    at = f"applications/{draft.pk}/"
    problem = caller(world, "agency admin").call("PATCH", at, {name: str(tomorrow)}, status=422)
    assert reason.text in str(problem)
    assert name in str(problem)
    draft.refresh_from_db()
    assert getattr(draft, name) is None
    assert client.post(address, {**form, name: today()}).status_code == 302
    draft.refresh_from_db()
    assert getattr(draft, name) == today()


def test_a_record_that_has_not_ended_is_refused_at_both_doors(client, world, draft):
    client.force_login(world.people["agency admin"].user)
    item = draft.scope.create(occupation_id="6-18-02-04")
    line = {"since": today() - ONE_DAY, "until": today() + ONE_DAY, "person_times": 800}
    sent = {"occupation": item.occupation_id, "item": item.pk, **line}
    answer = client.post(reverse("filings:agency-row-add", args=[draft.pk, "records"]), sent)
    assert answer.status_code == 422
    assert "请只填写已经完成的培训评价" in answer.content.decode()
    program, at = caller(world, "agency admin"), f"applications/{draft.pk}/records/"
    row = {**line, "occupation": item.occupation_id}
    ahead = {name: str(value) if isinstance(value, datetime.date) else value for name, value in row.items()}
    assert "请只填写已经完成的培训评价" in str(program.call("POST", at, ahead, status=422))
    assert not draft.records.exists()
    program.call("POST", at, {**ahead, "until": str(today())}, status=201)
    row_id = draft.records.get().pk
    assert "请只填写" in str(program.call("PATCH", f"{at}{row_id}/", {"until": ahead["until"]}, status=422))


def test_the_workflow_itself_takes_no_day_ahead(world, draft):
    actor, on = world.actor("agency admin", today()), today()
    with pytest.raises(Invalid):
        workflow.save_draft(draft, actor=actor, on=on, fields={"registered_on": on + ONE_DAY})
    values = {"occupation_id": None, "since": on + ONE_DAY, "until": on + 2 * ONE_DAY, "person_times": 1}
    with pytest.raises(Invalid) as refusal:
        add_row(draft, ROWS["records"], actor=actor, on=on, values=values)
    assert [reason.field for reason in refusal.value.reasons] == ["since", "until"]
    record = draft.records.create(occupation_id="6-18-02-04", since=on, until=on, person_times=1)
    with pytest.raises(Invalid):
        save_row(draft, ROWS["records"], record.pk, actor=actor, on=on, values={"until": on + ONE_DAY})
