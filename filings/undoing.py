"""What a ruling undoes (行政复议, a court): the state before, what of a grant is taken back. Nothing is written here.

A change is taken back item by item from the filing as it stands: what has moved since by a later change stays.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from core.audit.models import Event, Outcome
from core.clock.words import in_words
from core.deadlines import clocks
from core.deadlines.models import Clock
from core.documents.models import OfficialDocument
from filings import changes
from filings.enums import STATE_BEFORE, ApplicationKind, ApplicationState, FilingState, Requester
from filings.models import Application, ChangeItem, Filing, FilingScope, FilingSite, SettingAside, standing
from regulation.words import span_in_words

REVOKED = "撤销备案"  # what a ruling decides that a later one undoes
# What is set aside, in words; of a change and a renewal with their kind.
_WORDS = {
    ApplicationState.DECLINED: "不予受理",
    ApplicationState.ABANDONED: "视为放弃申请",
    ApplicationState.REFUSED: "不予备案",
    ApplicationState.CLOSED: "终结申请",
}


def state_before(application: Application) -> str:
    """Return the state to which a setting aside goes back."""
    return STATE_BEFORE.get(ApplicationState(application.state), application.closed_from)


def decision(application: Application) -> str:
    """Return what was decided, in words: "不予备案", "同意变更备案"."""
    if application.state != ApplicationState.APPROVED:
        return _WORDS[ApplicationState(application.state)]
    return "同意备案" if application.kind == ApplicationKind.INITIAL else f"同意{application.get_kind_display()}"


def revokes(application: Application) -> bool:
    """Whether setting the decision aside revokes a filing: the grant of one."""
    return application.state == ApplicationState.APPROVED and application.kind == ApplicationKind.INITIAL


def period(application: Application) -> tuple[str, int | None, str]:
    """Return the clock that starts afresh: its kind, its length where a notice set it, the lapse it performs."""
    state = state_before(application)
    if state == ApplicationState.SUBMITTED:
        return "completeness", None, "deem_accepted"
    if state == ApplicationState.CORRECTING:
        notice = application.requests.filter(kind=Requester.CORRECTION).latest("id")
        return "correction", notice.days, "abandon"
    return "decision", None, ""


# -- a change ----------------------------------------------------------------------------------------------------


@dataclass
class Reversal:
    """How a change is taken back: texts and seat to write, rows of the filing to end and to reopen, keys that stay.

    reopened: (row, the first day it no longer stands, None for open-ended)."""

    fields: dict[str, Any] = field(default_factory=dict)
    ended: list[FilingScope | FilingSite] = field(default_factory=list)
    reopened: list[tuple[FilingScope | FilingSite, datetime.date | None]] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def reversal(application: Application, on: datetime.date) -> Reversal:
    """Return how the granted items of a change are taken back from the filing as it stands on that day."""
    filing = application.filing
    assert filing is not None
    found = Reversal()
    now = changes.of_filing(filing, on)
    for item in application.change_items.filter(granted=True).select_related("made"):
        if item.key in changes.TEXTS or item.key == changes.SEAT:
            done = now.get(item.key) == item.after
            found.fields |= {item.key: item.before} if done else {}
        elif item.key.startswith(changes.SITE):
            done = _site(found, filing, item, on)
        else:
            done = _occupation(found, application, item, on)
        (found.undone if done else found.kept).append(item.key)
    return found


def _site(found: Reversal, filing: Filing, item: ChangeItem, on: datetime.date) -> bool:
    if item.made is not None and not _stands(item.made, on):
        return False
    if item.before is not None:
        old = filing.sites.get(pk=item.key.removeprefix(changes.SITE))
        if item.made is None and _again(filing.sites.filter(standing(on)), old):
            return False
        found.reopened.append((old, None))
    if item.made is not None:
        found.ended.append(item.made)
    return True


def _again(sites: Iterable[FilingSite], old: FilingSite) -> bool:
    """Whether a site that was given up has been filed anew since."""
    return any((one.name, one.area_id, one.address) == (old.name, old.area_id, old.address) for one in sites)


def _occupation(found: Reversal, application: Application, item: ChangeItem, on: datetime.date) -> bool:
    filing, day = application.filing, application.decided_on
    assert filing is not None
    rows = filing.scope.filter(occupation_id=item.key.removeprefix(changes.OCCUPATION))
    # A row that ended on the day it began never stood.
    current = [row for row in rows if row.until is None or row.until > max(on, row.since)]
    if [row.since for row in current] != ([day] if item.after else []):
        return False
    until = current[0].until if current else _renewed_without(application)
    if item.before:
        old = rows.filter(until=day, since__lt=day).order_by("since").last() or rows.filter(until=day).last()
        if old is None or (until is not None and until <= on):
            return False
        found.reopened.append((old, until))
    found.ended.extend(current)
    return True


def _renewed_without(application: Application) -> datetime.date | None:
    """The first day of a term that was granted after the change, and so without what the change had given up."""
    filing = application.filing
    assert filing is not None
    later = filing.applications.filter(
        kind=ApplicationKind.RENEWAL, state=ApplicationState.APPROVED, decided_on__gte=application.decided_on
    )
    return filing.term_from if later.exists() else None


def _stands(row: FilingScope | FilingSite, on: datetime.date) -> bool:
    return row.until is None or row.until > on


# -- a renewal ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Before:
    """The term before a renewal: its first and last day, and from which day its clock was counted."""

    term_from: datetime.date
    valid_until: datetime.date
    counted_from: datetime.date | None

    def ends_now(self, application: Application, on: datetime.date) -> bool:
        """Whether the filing expires with the setting aside: the old end has passed, and a late renewal holds
        nothing open (M14)."""
        return application.late and self.valid_until < on


def before(application: Application) -> Before:
    """Return the term that a renewal followed on from."""
    filing = application.filing
    assert filing is not None
    clock = clock_of(filing, filing.valid_until)
    assert clock is not None  # the renewal started it, counted from the old end
    end = clock.starts_on
    receipt = filing.receipts.filter(valid_until=end).order_by("-id").first()
    old = clock_of(filing, end)
    return Before(receipt.valid_from if receipt else filing.valid_from, end, old.starts_on if old else None)


def clock_of(filing: Filing, end: datetime.date) -> Clock | None:
    """Return the filing's validity clock, running or over, whose last day is `end`."""
    return clocks.of(filing).filter(kind="validity", due_on=end).order_by("-id").first()


def left_out(filing: Filing, on: datetime.date) -> tuple[list[FilingScope], list[FilingScope]]:
    """Return the entries that a renewal let end and that nothing followed, and those it put in their place."""
    day = filing.term_from
    lasting = Q(until__isnull=True) | Q(until__gt=max(on, day))
    narrowed = list(filing.scope.filter(lasting, since=day))
    later = filing.scope.filter(lasting, since__gte=day).exclude(pk__in=[row.pk for row in narrowed])
    taken = set(later.values_list("occupation_id", flat=True))
    ended = [row for row in filing.scope.filter(until=day, since__lt=day) if row.occupation_id not in taken]
    return ended, narrowed


# -- a filing revoked --------------------------------------------------------------------------------------------


def ended_before(row: SettingAside) -> bool:
    """Whether the filing had ended before this setting aside revoked it: then there is no validity to give back."""
    revoked = Event.objects.filter(verb="filings.filing.revoke", matter_id=str(row.filing_id)).latest("id")
    return bool(revoked.payload["from"] != FilingState.ACTIVE)


def granted(row: SettingAside) -> dict[str, Any]:
    """Return {occupation: what the approval that this setting aside undid had decided on it}, from its frozen copy."""
    approvals = Event.objects.filter(verb="filings.application.approve", matter_id=str(row.application_id))
    approved = approvals.filter(outcome=Outcome.DONE, on__lte=row.on).latest("id")
    return {one["occupation"]: one for one in approved.frozen["scope"]}


# -- in words ----------------------------------------------------------------------------------------------------


def effects(application: Application, on: datetime.date, *, certificates_stand: bool = True) -> list[str]:
    """Return what setting an approval aside does to the filing, as sentences for its paper."""
    if revokes(application):
        filing = Filing.objects.get(application=application)
        certificates = "仍然有效" if certificates_stand else "按裁决内容处理"
        return [
            f"备案（备案编码{filing.code}）自{in_words(on)}起撤销，不得再据此开展评价。",
            f"此前依据该备案取得的证书{certificates}。",
        ]
    if application.kind == ApplicationKind.CHANGE:
        return _of_change(application, on)
    term = before(application)
    said = [f"备案有效期恢复为{span_in_words(term.term_from, term.valid_until)}。"]
    if term.ends_now(application, on):
        said.append(f"延续申请系逾期提出，原有效期已经届满，备案于{in_words(on)}失效，申请转为首次备案继续办理。")
    elif not application.late:
        said.append("延续申请系按期提出，在它办结之前，备案继续有效。")
    return said


def _of_change(application: Application, on: datetime.date) -> list[str]:
    found = reversal(application, on)
    items = {item.key: item for item in application.change_items.all()}
    names = {key: one.before for key, one in items.items() if one.before and key.startswith(changes.SITE)}
    if application.filing is not None:
        names = changes.of_filing(application.filing, on) | names
    said = []
    for key in found.undone:
        value = items[key].before
        became = f"恢复为“{changes.words(key, value, names)}”" if value is not None else "的增加不再有效"
        said.append(f"{changes.label(key)}{became}。")
    said += [f"{changes.label(key)}在该次变更之后另有变动，保持现状。" for key in found.kept]
    return [*said, "自即日起以新签发的备案回执为准。"]


def reinstated(filing: Filing, on: datetime.date) -> list[str]:
    """Return what becomes of a revoked filing whose grant stands again, as sentences for its paper."""
    if on > filing.valid_until:
        return [f"备案（备案编码{filing.code}）恢复，其有效期已于{in_words(filing.valid_until)}届满。"]
    return [
        f"备案（备案编码{filing.code}）自{in_words(on)}起恢复有效，有效期仍至{in_words(filing.valid_until)}。",
        "撤销以前的备案回执恢复效力，不另换发。",
    ]


def words(row: SettingAside) -> str:
    """Return what the public reads of a paper that was set aside."""
    return (
        f"这份文书已被撤销：{row.get_authority_display()}于{in_words(row.ruled_on)}以{row.number}裁决撤销了其中的决定，"
        f"自{in_words(row.on)}起不再有效。"
    )


def of_paper(document: OfficialDocument, on: datetime.date) -> str:
    """Return why a paper of an application does not hold on a day, where a ruling undid it that holds itself."""
    return next((words(row) for row in document.settings_aside.all() if row.holds(on)), "")


def ruling(row: SettingAside, decided: str) -> dict[str, Any]:
    """Return what is published of a ruling with the filing that it touches. decided: what it set aside, in words."""
    return {
        "authority": row.get_authority_display(),
        "number": row.number,
        "ruled_on": row.ruled_on.isoformat(),
        "on": row.on.isoformat(),
        "decision": decided,
        "certificates_stand": row.certificates_stand,
    }
