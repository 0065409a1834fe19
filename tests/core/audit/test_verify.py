"""Whatever is done to checkpointed rows behind the portal's back, the verification names it, and only it."""

import datetime
import json
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.audit import tasks
from core.audit.checkpoint import checkpoint, head
from core.audit.models import Checkpoint, Event, Link
from core.audit.trail import record
from core.audit.verify import verify, verify_one
from tests.lifting import lifted

NOON = datetime.datetime(2026, 9, 18, 4, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def write(amount: int, at: datetime.datetime = NOON) -> list[Event]:
    return [
        Event.objects.create(at=at, on=at.date(), verb="test.made", actor_label="测试", payload={"n": n})
        for n in range(amount)
    ]


@pytest.fixture
def chain(db):
    """Nine events under three checkpoints, an hour apart."""
    events = []
    for hour in range(3):
        events += write(3, NOON + hour * HOUR)
        checkpoint(NOON + hour * HOUR + HOUR / 60)
    return events


def found(report=None) -> list[tuple[str, int | None]]:
    return [(one.kind, one.event_id or one.number) for one in (report or verify()).findings]


def test_a_whole_chain_has_nothing_to_say(chain):
    report = verify()
    assert report.ok
    assert (report.covered, report.uncovered, report.checkpoints) == (9, 0, 3)
    assert report.head == head() == Link.objects.get(number=9).hash


def test_one_checkpoint_is_whole_by_itself(chain):
    assert [(verify_one(one).ok, verify_one(one).covered) for one in Checkpoint.objects.all()] == [(True, 3)] * 3


@pytest.mark.parametrize("index", range(9))
def test_a_change_is_found_in_the_checkpoint_that_covers_it_and_there_alone(chain, index):
    with lifted():
        Event.objects.filter(pk=chain[index].pk).update(actor_label="别人")
    reports = [verify_one(one) for one in Checkpoint.objects.order_by("id")]
    assert [report.ok for report in reports] == [number != index // 3 for number in range(3)]
    assert found(reports[index // 3]) == found() == [("event_changed", chain[index].pk)]


def test_a_checkpoint_whose_head_was_changed_says_so(chain):
    with lifted():
        Checkpoint.objects.filter(first_number=4).update(head="0" * 64)
    second = Checkpoint.objects.get(first_number=4)
    assert [one.kind for one in verify_one(second).findings] == ["checkpoint_changed"]


def test_nothing_to_cover_makes_no_checkpoint(chain):
    assert checkpoint(NOON + 5 * HOUR) is None
    assert Checkpoint.objects.count() == 3


def test_an_empty_trail_is_whole_and_has_no_head(db):
    assert verify().ok
    assert head() == ""


def test_numbers_have_no_gaps_and_follow_the_ids(chain):
    assert list(Link.objects.order_by("number").values_list("number", "event_id")) == [
        (n, event.pk) for n, event in enumerate(chain, start=1)
    ]


def test_a_late_commit_joins_the_next_checkpoint(chain):
    """An event with a lower id than one already covered, and a moment a few minutes before the checkpoint."""
    gap = Event.objects.order_by("id").last().pk + 1
    write(1, NOON + 3 * HOUR)
    with lifted():
        Event.objects.filter(pk=gap).update(id=gap + 10)
    checkpoint(NOON + 3 * HOUR)
    Event.objects.create(pk=gap, at=NOON + 3 * HOUR - HOUR / 12, verb="late", actor_label="测试")
    assert verify().uncovered == 1
    made = checkpoint(NOON + 4 * HOUR)
    assert made.first_number == made.last_number == 11
    assert verify().ok


def test_many_events_are_covered_in_batches(db, monkeypatch):
    monkeypatch.setattr("core.audit.checkpoint.BATCH", 4)
    write(10)
    made = checkpoint(NOON)
    assert (made.first_number, made.last_number, Checkpoint.objects.count()) == (9, 10, 3)
    assert verify().ok


@pytest.mark.parametrize("column", ["verb", "actor_label", "matter_id", "payload", "frozen", "on", "at", "request_id"])
def test_a_changed_row_is_named_alone(chain, column):
    other = {
        "payload": {"n": 99},
        "frozen": {"n": 99},
        "on": NOON.date() - HOUR * 48,
        "at": NOON + HOUR + datetime.timedelta(microseconds=1),
    }
    with lifted():
        Event.objects.filter(pk=chain[4].pk).update(**{column: other.get(column, "改")})
    assert found() == [("event_changed", chain[4].pk)]


def test_a_removed_row_is_named_alone(chain):
    with lifted():
        Event.objects.filter(pk=chain[4].pk).delete()
    assert found() == [("event_removed", chain[4].pk)]


def test_a_row_removed_with_its_link_is_named(chain):
    with lifted():
        Link.objects.filter(event_id=chain[4].pk).delete()
        Event.objects.filter(pk=chain[4].pk).delete()
    assert ("link_removed", 5) in found()


def test_two_rows_exchanged_are_both_named(chain):
    with lifted():
        Link.objects.filter(number=4).update(event_id=-1)
        Link.objects.filter(number=5).update(event_id=chain[3].pk)
        Link.objects.filter(number=4).update(event_id=chain[4].pk)
    assert {event for kind, event in found() if kind == "event_changed"} == {chain[3].pk, chain[4].pk}


def test_a_row_slipped_in_afterwards_is_named(chain):
    slipped = Event.objects.create(at=NOON, verb="slipped", actor_label="测试")
    assert found() == [("event_slipped_in", slipped.pk)]


def test_a_row_slipped_in_is_still_named_once_a_checkpoint_has_covered_it(chain):
    slipped = Event.objects.create(at=NOON, verb="slipped", actor_label="测试")
    checkpoint(NOON + 4 * HOUR)
    assert found() == [("event_slipped_in", slipped.pk)]


def test_a_row_slipped_in_with_a_link_of_its_own_is_named(chain):
    slipped = Event.objects.create(at=NOON + 3 * HOUR, verb="slipped", actor_label="测试")
    Link.objects.create(number=10, event_id=slipped.pk, hash="0" * 64, checkpoint=Checkpoint.objects.last())
    assert ("link_slipped_in", slipped.pk) in found()


def test_a_link_alone_changed_is_named_and_no_other(chain):
    with lifted():
        Link.objects.filter(number=5).update(hash="f" * 64)
    assert found() == [("event_changed", chain[4].pk)]


def test_a_chain_computed_anew_differs_from_its_checkpoint(chain):
    """Who changes an event and every link after it must change the checkpoints too."""
    from core.audit.checkpoint import chain as hash_of

    with lifted():
        Event.objects.filter(pk=chain[6].pk).update(verb="改")
        previous = Link.objects.get(number=6).hash
        for link in Link.objects.filter(number__gt=6).order_by("number"):
            previous = hash_of(previous, link.number, Event.objects.get(pk=link.event_id))
            Link.objects.filter(number=link.number).update(hash=previous)
    assert found() == [("checkpoint_changed", 9)]


def test_a_head_printed_on_a_paper_shows_when_checkpoints_were_changed_too(chain):
    printed = head()
    with lifted():
        Checkpoint.objects.filter(last_number=9).update(head="e" * 64)
        Link.objects.filter(number=9).update(hash="e" * 64)
    assert ("head_unknown", None) in found(verify([printed]))


def test_a_removed_checkpoint_is_named(chain):
    with lifted():
        Link.objects.filter(checkpoint__first_number=4).delete()
        Checkpoint.objects.filter(first_number=4).delete()
    kinds = [kind for kind, _ in found()]
    assert "checkpoint_gap" in kinds
    assert kinds.count("link_removed") == 3


def test_links_cut_off_at_the_end_are_named(chain):
    with lifted():
        Link.objects.filter(number__gte=8).delete()
    assert [number for kind, number in found() if kind == "link_removed"] == [8, 9]


def test_rows_since_the_last_checkpoint_are_told_as_not_covered(chain):
    write(2, NOON + 3 * HOUR)
    report = verify()
    assert report.ok
    assert (report.uncovered, report.oldest_uncovered) == (2, NOON + 3 * HOUR)


def test_the_command_says_so_and_fails(chain):
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "没有发现问题" in out.getvalue()
    with lifted():
        Event.objects.filter(pk=chain[4].pk).update(verb="改")
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit", "--json", stdout=out)
    assert end.value.code == 1
    content = json.loads(out.getvalue())
    assert (content["ok"], content["covered"], content["findings"][0]["event_id"]) == (False, 9, chain[4].pk)


def test_the_hourly_job_covers_what_there_is(db):
    record("test.made", actor=None, on=NOON.date())
    assert tasks.checkpoint() == {"last_number": 1}
    assert tasks.checkpoint() == {"last_number": 0}
    assert verify().ok


class AnyTampering(TestCase):
    """Hypothesis: any one event in any cut of checkpoints, changed or removed, is named, and nothing else."""

    @given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.data())
    def test_is_named(self, sizes, data):
        events = []
        for hour, size in enumerate(sizes):
            events += write(size, NOON + hour * HOUR)
            checkpoint(NOON + hour * HOUR)
        victim = data.draw(st.sampled_from(events))
        remove = data.draw(st.booleans())
        with lifted():
            rows = Event.objects.filter(pk=victim.pk)
            rows.delete() if remove else rows.update(verb="改")
        assert found() == [("event_removed" if remove else "event_changed", victim.pk)]
