"""Registration claims: checked by the county before the first submission; a false claim locks nobody out."""

import pytest

from core.accounts.models import Organisation, Role
from core.documents import uploads
from core.refusals import NotAllowed, Refused
from filings import workflow
from filings.models import Claim
from tests.world import DAY, World, file, filled_draft, make_world

pytestmark = pytest.mark.django_db


def claim_of(world: World, name: str = "real") -> Claim:
    """Another account on the first agency's credit code, claiming it with papers."""
    code = world.organisation("agency admin").credit_code
    organisation = Organisation.objects.create(kind="agency", name="同名机构", credit_code=code, area_id="410502")
    world.add(f"{name} admin", organisation, Role.ADMIN)
    actor = world.actor(f"{name} admin")
    claim = workflow.make_claim(organisation, actor=actor, on=DAY)
    for slot in ("licence", "authorisation"):
        uploads.receive(file(f"{slot}.pdf"), matter=claim, slot=slot, actor=actor, on=DAY)
    return claim


def test_an_unconfirmed_agency_may_draft_but_not_submit():
    world = make_world()
    organisation = world.organisation("agency admin")
    organisation.confirmed_on = None
    organisation.save()
    application = filled_draft(world)
    with pytest.raises(Refused) as refusal:
        workflow.submit(application, actor=world.actor("agency admin"), on=DAY)
    assert [reason.code for reason in refusal.value.reasons] == ["agency_unconfirmed"]


def test_the_real_agency_takes_its_code_back_from_a_false_claim():
    world = make_world()
    false_one = world.organisation("agency admin")
    claim = claim_of(world)
    workflow.confirm_claim(claim, actor=world.actor("county handler"), on=DAY)
    false_one.refresh_from_db()
    assert false_one.confirmed_on is None
    claim.organisation.refresh_from_db()
    assert (claim.state, claim.organisation.confirmed_on) == ("confirmed", DAY)


def test_a_claim_without_papers_is_not_confirmed():
    world = make_world()
    organisation = Organisation.objects.create(
        kind="agency", name="新机构", credit_code="52410502MJ0000009X", area_id="410502"
    )
    world.add("new admin", organisation, Role.ADMIN)
    claim = workflow.make_claim(organisation, actor=world.actor("new admin"), on=DAY)
    with pytest.raises(Refused) as refusal:
        workflow.confirm_claim(claim, actor=world.actor("county handler"), on=DAY)
    assert [reason.field for reason in refusal.value.reasons] == ["licence", "authorisation"]


def test_only_the_county_of_the_seat_checks_a_claim():
    world = make_world()
    claim = claim_of(world)
    with pytest.raises(NotAllowed):
        workflow.confirm_claim(claim, actor=world.actor("other county handler"), on=DAY)


def test_a_rejected_claim_says_why_and_may_be_made_again():
    world = make_world()
    claim = claim_of(world)
    with pytest.raises(Refused):
        workflow.reject_claim(claim, actor=world.actor("county handler"), on=DAY, reason=" ")
    workflow.reject_claim(claim, actor=world.actor("county handler"), on=DAY, reason="授权书没有盖章")
    assert (claim.state, claim.reason) == ("rejected", "授权书没有盖章")
    assert workflow.make_claim(claim.organisation, actor=world.actor("real admin"), on=DAY).pk != claim.pk
