"""The counter (窗口): an agency without an account is entered by what it shows, and what it hands over is scanned."""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.core.files import File
from django.db import transaction as database

from core.accounts import credit_codes, registration
from core.accounts.actors import Actor
from core.accounts.models import Organisation, OrganisationKind, Role
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.documents import formats, uploads
from core.documents.models import Upload
from core.refusals import Invalid, NotPossible, Reason, Refused
from filings import counter, permissions
from filings.enums import ApplicationState
from filings.models import Application, CounterPaper
from filings.workflow import claims, steps

KNOWN = Reason("known_already", "这个信用代码已有核实过的机构，请直接为它代录，不用再登记。", "credit_code", "M9")


def register_agency(
    *,
    name: str,
    credit_code: str,
    licence: File,
    authorisation: File,
    code_confirmed: bool = False,
    actor: Actor,
    on: datetime.date,
) -> Organisation:
    """Enter an agency that has no account, by the papers it has shown at the counter of the county of its seat.

    It is a claim like any other, with the same two papers, made and checked at once by the handler who has seen them:
    the agency is confirmed, and nobody gets an account by it. An account comes by registration and a claim of its own
    (`claims.confirm_claim`). Effects in order: the agency; its claim with the papers; the confirmation.
    Raises NotAllowed for whoever is no handler of a county, Invalid for a name, code or file that cannot be taken,
    Refused where the code has a confirmed agency: what is entered here unseats none.
    """
    office = actor.organisation
    is_handler = office is not None and office.kind == OrganisationKind.COUNTY and actor.role == Role.HANDLER
    steps.require(is_handler, "登记机构")
    assert office is not None
    if not name.strip():
        raise Invalid(Reason("required", "请填写机构名称。", "name"))
    papers = {"licence": licence, "authorisation": authorisation}
    for slot, file in papers.items():
        with _of(slot):
            uploads.look_at(file, on)
    return _registered(name, credit_code, papers, office, code_confirmed, actor=actor, on=on)


@database.atomic
def _registered(
    name: str,
    credit_code: str,
    papers: Mapping[str, File],
    office: Organisation,
    code_confirmed: bool,
    *,
    actor: Actor,
    on: datetime.date,
) -> Organisation:
    assert office.area is not None
    if _confirmed(credit_code):
        raise Refused(KNOWN)
    agency = registration.new_agency(
        name=name, credit_code=credit_code, area=office.area, code_confirmed=code_confirmed, actor=actor, on=on
    )
    claim = claims.open_claim(agency, office, actor=actor, on=on)
    for slot, file in papers.items():
        with _of(slot):
            claims.take_paper(claim, slot, file, actor=actor, on=on)
    claims.confirm_claim(claim, actor=actor, on=on)
    agency.refresh_from_db()
    return agency


@contextmanager
def _of(slot: str) -> Iterator[None]:
    """Let what is said against a file stand beside its own field."""
    try:
        yield
    except Invalid as invalid:
        raise Invalid([Reason(one.code, one.text, slot, one.citation) for one in invalid.reasons]) from invalid


def _confirmed(credit_code: str) -> bool:
    """Whether there is a confirmed agency of this code; whoever asks at the same time waits."""
    code = credit_codes.normal(credit_code)
    rows = Organisation.objects.select_for_update(of=("self",)).filter(kind=OrganisationKind.AGENCY, credit_code=code)
    return any(row.confirmed_on for row in rows)


TOO_LATE = Reason(
    "abandoned_already",
    "补正期限已经届满，申请已视为放弃，不能再录入补正。补正确在期限内交到窗口的，请告知机构：可以申请行政复议或者提起"
    "诉讼，依裁决恢复办理；也可以重新申请，沿用这一件的内容。",
    citation="M10",
)


@uploads.scanned_first
def upload_scan(
    application: Application,
    act: str,
    file: File,
    *,
    actor: Actor,
    on: datetime.date,
    counter_on: datetime.date | None = None,
) -> Upload:
    """Take the scan of the signed paper on which `act` (a key of counter.PAPERS) will rest, in the states where that is
    done; until it does, another scan takes the place of this one. counter_on: the day on which the paper was handed
    over, today where it is not said; of the form it is the entry's.

    Raises NotAllowed for whoever is not its counter's handler, NotPossible in another state (what has lapsed goes
    first; of a correction what had lapsed before the paper came), Invalid for a file or day that cannot be taken.
    """
    day = counter_on or on
    lapses.settle(*matter_key(application), min(day, on) if act == "resubmit" else on)
    with database.atomic():
        locked = steps.lock(application)
        steps.require(permissions.is_counter_handler.test(actor, locked), "上传窗口收下的书面材料")
        if act not in counter.PAPERS:
            raise Invalid(Reason("unknown_paper", "没有这一项书面材料。"))
        if locked.state == ApplicationState.ABANDONED and ApplicationState.CORRECTING in counter.states_of(act):
            raise NotPossible(TOO_LATE)
        if states := counter.states_of(act):
            steps.require_state(locked, *states, what=f"上传{counter.PAPERS[act].label}")
        if act == "submit":
            day = locked.counter_on or day
        elif reasons := counter.against_paper(locked, day, on):
            raise Invalid(reasons)
        slot = counter.PAPERS[act].slot
        upload = uploads.receive(file, matter=locked, slot=slot, actor=actor, on=on, formats=formats.SCANS)
        fresh = {"upload": upload, "handed_on": day}
        CounterPaper.objects.update_or_create(application=locked, act=act, used_on=None, defaults=fresh)
        more = {"slot": slot, "sha256": upload.sha256, "handed_on": day, **counter.behalf(locked, actor)}
        steps.note(locked, "counter_scan", actor=actor, on=on, **more)
    return upload
