"""The counter: an agency without an account, and who takes it over."""

import datetime

import pytest

from core.accounts.models import Organisation
from core.audit.models import Event
from core.refusals import Invalid, NotAllowed, Refused
from filings import permissions, workflow
from tests.filings.counters import CODE, HANDLER, claimed, codes, entered, handed_over, shown_at_counter
from tests.world import DAY, file, make_world

pytestmark = pytest.mark.django_db

D = datetime.date


def test_an_agency_is_entered_by_what_it_shows_and_gets_no_account_by_it():
    world = make_world()
    agency = shown_at_counter(world)
    assert (agency.confirmed_on, agency.area_id, agency.positions.count()) == (DAY, "410502", 0)
    claim = agency.claims.get()
    assert (claim.state, claim.decided_by) == ("confirmed", world.people[HANDLER])
    application = handed_over(world, agency=agency)
    assert (application.agency, application.state) == (agency, "submitted")


@pytest.mark.parametrize("who", ["county chief", "centre handler", "bureau handler", "agency admin"])
def test_only_a_countys_handler_enters_an_agency(who):
    world = make_world()
    with pytest.raises(NotAllowed):
        workflow.register_agency(
            name="某校", credit_code=CODE, licence=file(), authorisation=file(), code_confirmed=True,
            actor=world.actor(who), on=DAY,
        )  # fmt: skip


def test_what_is_entered_at_the_counter_unseats_no_confirmed_agency():
    world = make_world()
    with pytest.raises(Refused) as refusal:
        shown_at_counter(world, code=world.organisation("agency admin").credit_code)
    assert codes(refusal) == ["known_already"]


def test_a_bad_scan_stands_at_its_own_field_and_leaves_nothing_behind():
    world = make_world()
    before = Organisation.objects.count()
    with pytest.raises(Invalid) as refusal:
        workflow.register_agency(
            name="某校", credit_code=CODE, licence=file("证.pdf", b"no scan"), authorisation=file(),
            code_confirmed=True, actor=world.actor(HANDLER), on=DAY,
        )  # fmt: skip
    assert [one.field for one in refusal.value.reasons] == ["licence"]
    assert Organisation.objects.count() == before


def test_the_agency_registers_later_is_checked_as_any_other_and_finds_its_application():
    world = make_world()
    agency = shown_at_counter(world)
    application = handed_over(world, agency=agency)
    account, claim = claimed(world)
    assert not permissions.may_view(world.actor("late admin"), application)
    workflow.confirm_claim(claim, actor=world.actor(HANDLER), on=DAY)
    admin = world.actor("late admin")
    assert admin.organisation_id == agency.pk
    assert permissions.may_view(admin, application)
    account.refresh_from_db()
    assert (account.active, account.confirmed_on) == (False, None)
    assert Event.objects.filter(verb="agency.taken_over", matter_id=str(agency.pk)).exists()


def test_a_rejected_claim_hands_nothing_over():
    world = make_world()
    application = handed_over(world, agency=shown_at_counter(world))
    _, claim = claimed(world)
    workflow.reject_claim(claim, actor=world.actor(HANDLER), on=DAY, reason="授权书不符")
    assert not permissions.may_view(world.actor("late admin"), application)


def test_another_county_hands_nothing_over():
    world = make_world()
    application = handed_over(world, agency=shown_at_counter(world))
    _, claim = claimed(world, area="410523")
    with pytest.raises(Refused) as refusal:
        workflow.confirm_claim(claim, actor=world.actor("other county handler"), on=DAY)
    assert codes(refusal) == ["entered_elsewhere"]
    assert not permissions.may_view(world.actor("late admin"), application)


def test_once_somebody_acts_for_it_a_second_account_takes_nothing_over():
    world = make_world()
    agency = shown_at_counter(world)
    handed_over(world, agency=agency)
    workflow.confirm_claim(claimed(world)[1], actor=world.actor(HANDLER), on=DAY)
    second, claim = claimed(world, name="second")
    workflow.confirm_claim(claim, actor=world.actor(HANDLER), on=DAY)
    second.refresh_from_db()
    agency.refresh_from_db()
    # As before: of two accounts on one code the one last checked by the papers is the real one; nothing moves.
    assert (second.confirmed_on, agency.confirmed_on) == (DAY, None)
    assert world.actor("second admin").organisation_id == second.pk


@pytest.mark.parametrize("open_here", [False, True])
def test_a_draft_begun_meanwhile_goes_along_unless_the_counters_is_open(open_here):
    world = make_world()
    agency = shown_at_counter(world)
    account, claim = claimed(world)
    draft = workflow.create_application(actor=world.actor("late admin"), on=DAY)
    if open_here:
        entered(world, agency=agency)
    workflow.confirm_claim(claim, actor=world.actor(HANDLER), on=DAY)
    draft.refresh_from_db()
    assert draft.agency == (account if open_here else agency)
