"""Taking a matter up again by a ruling (行政复议, a court), and a filing in force again."""

import datetime
from typing import Any

from core.accounts.actors import Actor
from core.audit.matters import key as matter_key
from core.clock.words import in_words
from core.documents.models import Upload
from core.refusals import Reason
from filings import permissions, undoing
from filings.conditions.common import Data
from filings.enums import CLOSED_FROM, OPEN_STATES, ApplicationKind, ApplicationState, FilingState, RulingAuthority
from filings.models import Application, Filing, SettingAside, in_force

# The slot of the ruling's scan. The agency is a party to it, and reads it.
RULING = "ruling"


def ruling(application: Application) -> Upload | None:
    """Return the newest scan of a ruling in this matter that has undone nothing yet."""
    matter_type, matter_id = matter_key(application)
    rows = Upload.objects.filter(matter_type=matter_type, matter_id=matter_id, slot=RULING)
    used = SettingAside.objects.filter(application=application).values("ruling_id")
    newest = rows.order_by("-version").first()
    return newest if newest and rows.exclude(pk__in=used).filter(pk=newest.pk).exists() else None


def set_aside(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Nothing stands in the way of taking the matter up again, and the ruling is named with its scan."""
    reasons = [
        *_against_state(application),
        *_against_filing(application, on),
        *_against_others(application, actor, on),
    ]
    if data is None:
        return reasons
    if data.get("certificates_stand") is False and not undoing.revokes(application):
        text = "这次不撤销备案，不涉及已有证书的效力。"
        reasons.append(Reason("no_certificates", text, "certificates_stand"))
    return reasons + _against_ruling(application, data, on, application.decided_on, "被撤销的决定")


def reinstate(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """The filing was in force when it was revoked, no other application for one is open and no other filing in force,
    and the ruling is named with its scan. Places are not asked for: the filing takes its own back (M37)."""
    row = application.settings_aside.revoking().latest("id")  # the permission saw to it
    assert row.filing is not None
    reasons = [*_open_already(application, actor, ApplicationKind.INITIAL), *_filed_anew(row.filing, on)]
    if undoing.ended_before(row):
        text = f"备案 {row.filing.code} 在撤销以前已经终结，没有可以恢复的效力。"
        reasons.append(Reason("nothing_to_restore", text, "", "M14"))
    return reasons if data is None else reasons + _against_ruling(application, data, on, row.ruled_on, "撤销备案的裁决")


def _against_ruling(
    application: Application, data: Any, on: datetime.date, not_before: datetime.date | None, what: str
) -> list[Reason]:
    """Every ruling is named in full, with its scan; it does not come before what it undoes, `what` in words."""
    reasons = []
    if data.get("authority") not in RulingAuthority.values:
        reasons.append(Reason("authority_missing", "请选择作出裁决的机关。", "authority"))
    if not str(data.get("number") or "").strip():
        reasons.append(Reason("number_missing", "请填写裁决文书号。", "number"))
    if not str(data.get("orders") or "").strip():
        reasons.append(Reason("orders_missing", "请写明裁决内容。", "orders"))
    if ruling(application) is None:
        reasons.append(Reason("ruling_missing", "请先上传裁决文书的扫描件。", RULING))
    return reasons + _against_day(data, on, not_before, what)


def _against_day(data: Any, on: datetime.date, not_before: datetime.date | None, what: str) -> list[Reason]:
    try:
        day = datetime.date.fromisoformat(str(data.get("ruled_on")))
    except ValueError:
        return [Reason("ruled_on_missing", "请填写裁决日期。", "ruled_on")]
    if day > on:
        return [Reason("ruled_on_ahead", "裁决日期不能晚于今天。", "ruled_on")]
    if not_before and day < not_before:
        text = f"裁决日期不能早于{what}（{in_words(not_before)}）。"
        return [Reason("ruled_before", text, "ruled_on")]
    return []


def _against_state(application: Application) -> list[Reason]:
    """A draft that was closed with its filing was never handed in: there is nothing to take up."""
    if application.state == ApplicationState.CLOSED and application.closed_from not in CLOSED_FROM:
        return [Reason("never_submitted", "这件申请没有提交过，没有可以恢复的办理；机构可以另行申请。")]
    return []


def _against_filing(application: Application, on: datetime.date) -> list[Reason]:
    """A change needs its filing in force; a renewal one that no decision has ended, and that no later renewal rests
    on. What only ran out with a timely renewal is restored together with it."""
    filing = application.filing
    if filing is None or application.kind == ApplicationKind.INITIAL:
        return []
    renewal = application.kind == ApplicationKind.RENEWAL
    granted = application.state == ApplicationState.APPROVED
    ran_out = filing.state in (FilingState.ACTIVE, FilingState.EXPIRED)
    if not filing.in_force(on) and not (renewal and ran_out and not granted):
        text = f"所涉备案（{filing.code}）现在不是有效状态：备案恢复效力之后，才能恢复办理这件申请。"
        return [Reason("filing_ended", text)]
    if renewal:
        later = filing.applications.filter(kind=ApplicationKind.RENEWAL, state=ApplicationState.APPROVED)
        since = later if granted else later.filter(pk__gt=application.pk)
        newest = since.order_by("-decided_on", "-id").first()
        if newest is not None and newest != application:
            text = f"此后又同意了一次延续（{newest.number}），有效期已由它续接，这一次的决定不能再撤销。"
            return [Reason("later_renewal", text)]
    return []


def _against_others(application: Application, actor: Actor, on: datetime.date) -> list[Reason]:
    """A newer open application of the kind is merged or withdrawn first; a newer filing leaves nothing to decide."""
    reasons = _open_already(application, actor, kind_after(application, on))
    own = {application.filing_id, getattr(getattr(application, "granted_filing", None), "pk", None)}
    newer = application.agency.filings.filter(in_force(on)).exclude(pk__in=own - {None}).first()
    if newer is not None and not undoing.revokes(application):
        text = (
            f"这家机构另有有效备案（{newer.code}），没有需要恢复办理的：该备案终止或者注销之后，才能恢复办理这件申请。"
        )
        reasons.append(Reason("filed_anew", text))
    return reasons


def _open_already(application: Application, actor: Actor, kind: str) -> list[Reason]:
    """Another open application of the kind; one that the office does not see (a draft, another county's) is not
    described."""
    other = application.agency.applications.filter(kind=kind, state__in=OPEN_STATES).exclude(pk=application.pk).first()
    if other is None:
        return []
    which = f"（{other.number}，{other.get_state_display()}）" if permissions.may_view(actor, other) else ""
    text = (
        f"这家机构另有一件没有办结的{other.get_kind_display()}申请{which}："
        "请先办结它，或由机构撤回，再恢复办理这件申请。"
    )
    return [Reason("open_already", text)]


def kind_after(application: Application, on: datetime.date) -> str:
    """Return as what kind the application goes on: a late renewal without its filing as an initial one (M14)."""
    if application.kind != ApplicationKind.RENEWAL or not application.late or application.filing is None:
        return application.kind
    over = application.filing.state != FilingState.ACTIVE
    if application.state == ApplicationState.APPROVED and not over:
        over = undoing.before(application).ends_now(application, on)
    return ApplicationKind.INITIAL if over else application.kind


def restore(filing: Filing, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """The agency has no other filing in force, and there is something to restore. Places are not asked for: a filing
    restored takes its own back, even above the cap (M37)."""
    reasons = _filed_anew(filing, on)
    held_open = bool((data or {}).get("held_open"))
    if filing.state == FilingState.EXPIRED and on > filing.valid_until and not held_open:
        text = f"备案 {filing.code} 的有效期已于{in_words(filing.valid_until)}届满，没有可以恢复的效力。"
        reasons.append(Reason("nothing_to_restore", text, "", "M14"))
    return reasons


def _filed_anew(filing: Filing, on: datetime.date) -> list[Reason]:
    newer = filing.agency.filings.filter(in_force(on)).exclude(pk=filing.pk).first()
    if newer is None:
        return []
    text = f"这家机构另有有效备案（{newer.code}），不能同时恢复备案 {filing.code}。"
    return [Reason("filed_anew", text, "", "M12")]
