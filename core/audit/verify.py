"""Verification: is every checkpointed event still there, unchanged, in its place, and none slipped in?"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

from django.db.models import Min, QuerySet

from core.audit.checkpoint import GENESIS, chain, uncovered
from core.audit.models import Checkpoint, Event, Link
from core.clock.words import moment_in_words

# A transaction may commit this long after the moment its event names; older ones were slipped in.
LATE = datetime.timedelta(minutes=30)
_CHUNK = 2000


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit: `kind` for machines, `text` for people, and the row it names."""

    kind: str
    text: str
    number: int | None = None
    event_id: int | None = None
    checkpoint_id: int | None = None


@dataclass
class Report:
    """What a verification found. `uncovered` rows joined after the last checkpoint and are not yet protected."""

    findings: list[Finding] = field(default_factory=list)
    covered: int = 0
    uncovered: int = 0
    oldest_uncovered: datetime.datetime | None = None
    checkpoints: int = 0
    head: str = ""

    @property
    def ok(self) -> bool:
        """True where nothing was found."""
        return not self.findings


def verify(heads: Iterable[str] = ()) -> Report:
    """Check the whole chain. heads: chain heads printed on papers, which must still be in the chain."""
    report = Report()
    checkpoints = list(Checkpoint.objects.order_by("id"))
    report.checkpoints = len(checkpoints)
    report.head = checkpoints[-1].head if checkpoints else ""
    _checkpoints(checkpoints, report)
    _links(Link.objects.all(), checkpoints, report)
    _uncovered(checkpoints, report)
    known = {one.head for one in checkpoints}
    for printed in heads:
        if printed.strip().lower() not in known:
            report.findings.append(
                Finding("head_unknown", f"文书上印的链首 {printed} 不在检查点之中：检查点被改动或删除。")
            )
    return report


def verify_one(checkpoint: Checkpoint) -> Report:
    """Check what one checkpoint covers (at most checkpoint.BATCH events), resting on the head before it."""
    before = Checkpoint.objects.filter(pk__lt=checkpoint.pk).order_by("-id").first()
    report = Report(checkpoints=1, head=checkpoint.head)
    _checkpoints([checkpoint], report, before)
    rows = Link.objects.filter(number__range=(checkpoint.first_number, checkpoint.last_number))
    _links(rows, [checkpoint], report, before)
    return report


def _checkpoints(checkpoints: list[Checkpoint], report: Report, before: Checkpoint | None = None) -> None:
    last = before.last_number if before else 0
    for one in checkpoints:
        if one.first_number != last + 1 or one.last_number < one.first_number:
            report.findings.append(
                Finding(
                    "checkpoint_gap",
                    f"检查点 {one.pk} 从 {one.first_number} 号起，应当从 {last + 1} 号起：之前的检查点被改动或删除。",
                    checkpoint_id=one.pk,
                )
            )
        last = one.last_number


def _chained(rows: QuerySet[Link]) -> Iterator[tuple[Link, Event | None]]:
    """These links in order with their events, a chunk at a time."""
    links = rows.order_by("number").iterator(chunk_size=_CHUNK)
    while chunk := list(islice(links, _CHUNK)):
        events = Event.objects.in_bulk([link.event_id for link in chunk])
        for link in chunk:
            yield link, events.get(link.event_id)


def _links(
    rows: QuerySet[Link], checkpoints: list[Checkpoint], report: Report, before: Checkpoint | None = None
) -> None:
    """Walk these links, those of the checkpoints after `before`, once. A wrong row is named once; the walk goes on from
    what is stored."""
    by_id = {one.pk: one for one in checkpoints}
    heads = {one.last_number: one for one in checkpoints}
    since = _earliest_moments([before, *checkpoints] if before else checkpoints)
    found = report.findings
    # The hashes the next link may rest on: the stored one, and the right one where the stored one is wrong.
    previous: set[str] = {before.head if before else GENESIS}
    expected = before.last_number + 1 if before else 1
    stored_heads: dict[int, str] = {}
    for link, event in _chained(rows):
        if link.number != expected:
            found += _removed(range(expected, link.number))
            ended = heads.get(link.number - 1)
            previous = {ended.head} if ended else set()
        expected = link.number + 1
        owner = by_id.get(link.checkpoint_id)
        if owner is None or not owner.first_number <= link.number <= owner.last_number:
            text = f"{link.number} 号链环不属于它所称的检查点 {link.checkpoint_id}：是后来塞入的。"
            found.append(Finding("link_slipped_in", text, link.number, link.event_id, link.checkpoint_id))
        right = {chain(one, link.number, event) for one in previous} if event else set()
        if event is None:
            text = f"{link.number} 号事件（编号 {link.event_id}）被删除。"
            found.append(Finding("event_removed", text, link.number, link.event_id))
        elif not previous:
            text = f"{link.number} 号事件（编号 {link.event_id}）因前一链环缺失而无法核对。"
            found.append(Finding("not_verifiable", text, link.number, link.event_id))
        elif link.hash not in right:
            text = f"{link.number} 号事件（编号 {link.event_id}）或其链环被改动。"
            found.append(Finding("event_changed", text, link.number, link.event_id))
        if event and link.checkpoint_id in since and event.at < since[link.checkpoint_id] - LATE:
            text = f"{link.number} 号事件（编号 {link.event_id}）自称的时间早于应当包含它的检查点：是后来塞入的。"
            found.append(Finding("event_slipped_in", text, link.number, link.event_id, link.checkpoint_id))
        previous = {link.hash, *right}
        if link.number in heads:
            stored_heads[link.number] = link.hash
        report.covered += 1
    _heads(checkpoints, stored_heads, expected, found)


def _removed(numbers: range) -> list[Finding]:
    return [Finding("link_removed", f"{number} 号链环被删除。", number=number) for number in numbers]


def _heads(checkpoints: list[Checkpoint], stored: dict[int, str], expected: int, found: list[Finding]) -> None:
    last = checkpoints[-1].last_number if checkpoints else 0
    found += _removed(range(expected, last + 1))
    for one in checkpoints:
        if one.last_number in stored and stored[one.last_number] != one.head:
            text = f"检查点 {one.pk} 的链首与 {one.last_number} 号链环不一致：检查点或其后的链环被改动。"
            found.append(Finding("checkpoint_changed", text, one.last_number, checkpoint_id=one.pk))


def _earliest_moments(checkpoints: list[Checkpoint]) -> dict[int, datetime.datetime]:
    """For each checkpoint the moment of the one before: what it covers was not there yet then.

    Checkpoints made in one go (same moment) share the moment before them all.
    """
    moments: dict[int, datetime.datetime] = {}
    before: datetime.datetime | None = None
    for previous, one in pairwise(checkpoints):
        if previous.at != one.at:
            before = previous.at
        if before is not None:
            moments[one.pk] = before
    return moments


def _uncovered(checkpoints: list[Checkpoint], report: Report) -> None:
    rows = uncovered()
    report.uncovered = rows.count()
    report.oldest_uncovered = rows.order_by().aggregate(oldest=Min("at"))["oldest"]
    if not checkpoints:
        return
    for event_id, at in rows.filter(at__lt=checkpoints[-1].at - LATE).values_list("id", "at"):
        text = f"事件（编号 {event_id}）自称发生于 {moment_in_words(at)}，早于最近的检查点，却不在其中：是后来塞入的。"
        report.findings.append(Finding("event_slipped_in", text, event_id=event_id))
