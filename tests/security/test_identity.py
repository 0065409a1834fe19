"""A false identity, once found out, gets no filing under the code of the real agency."""

import pytest

from core.refusals import Refused
from core.workflow import proposals
from filings import workflow
from tests.world import DAY, assessing, file, make_world


@pytest.mark.django_db
def test_who_lost_its_confirmation_is_not_approved():
    world = make_world()
    application = assessing(world)
    false, real = world.organisation("agency admin"), world.organisation("rival admin")
    real.confirmed_on, real.credit_code = None, false.credit_code
    real.save()
    claimant, handler = world.actor("rival admin"), world.actor("centre handler")
    payload = {"granted": ["6-18-02-04", "6-31-01-03"], "left_out": [], "relaxed": {}}
    waiting = proposals.propose(application, "approve", actor=handler, on=DAY, payload=payload)
    for slot in ("licence", "authorisation"):
        workflow.hand_in_paper(real, slot, file(), actor=claimant, on=DAY)
    workflow.confirm_claim(real.claims.get(), actor=world.actor("county handler"), on=DAY)
    with pytest.raises(Refused) as refused:
        proposals.decide(waiting, actor=world.actor("centre chief"), on=DAY)
    assert "agency_unconfirmed" in {reason.code for reason in refused.value.reasons}
    application.refresh_from_db()
    assert application.state == "assessing"
