"""Applications that came over the counter (窗口): entered by a handler in an agency's name."""

import datetime
from typing import Any

from core.accounts.models import Organisation, Role
from filings import workflow
from filings.models import Application, Claim
from tests.world import DAY, World, file, filled_draft

CODE = "52410502MJ0000009X"
HANDLER = "county handler"


def entered(
    world: World,
    on: datetime.date = DAY,
    *,
    day: datetime.date | None = None,
    agency: Organisation | None = None,
    **filled: Any,
) -> Application:
    """Return a filled draft that the county's handler entered, its form scanned. day: of the counter, else `on`;
    filled: as `filled_draft` has it."""
    agency = agency or world.organisation("agency admin")
    day = day or on
    application = filled_draft(world, HANDLER, on, agency=agency, counter_on=day, **filled)
    workflow.save_draft(application, actor=world.actor(HANDLER, on), on=on, fields={"pledge_signed_on": day})
    return scanned(world, application, "submit", on)


def scanned(
    world: World,
    application: Application,
    act: str,
    on: datetime.date = DAY,
    who: str = HANDLER,
    *,
    day: datetime.date | None = None,
) -> Application:
    """Scan the signed paper on which an act will rest. day: on which it was handed over, else `on`."""
    workflow.upload_scan(application, act, file(f"{act}.pdf"), actor=world.actor(who, on), on=on, counter_on=day)
    return application


def handed_over(world: World, on: datetime.date = DAY, **more: Any) -> Application:
    """Return an application that came over the counter and was handed in."""
    late = {"late_reason": more.pop("late_reason")} if "late_reason" in more else {}
    application = entered(world, on, **more)
    return workflow.submit(application, actor=world.actor(HANDLER, on), on=on, **late)


def shown_at_counter(world: World, on: datetime.date = DAY, *, name: str = "文峰区丙职业培训学校", code: str = CODE):
    """Return an agency without an account, entered by what it showed at the county's counter."""
    return workflow.register_agency(
        name=name,
        credit_code=code,
        licence=file("登记证书.pdf"),
        authorisation=file("授权委托书.pdf"),
        code_confirmed=True,
        actor=world.actor(HANDLER, on),
        on=on,
    )


def claimed(world: World, area: str = "410502", name: str = "late") -> tuple[Organisation, Claim]:
    """An account registered later on the same code, with its papers handed in."""
    account = Organisation.objects.create(kind="agency", name="文峰区丙学校", credit_code=CODE, area_id=area)
    world.add(f"{name} admin", account, Role.ADMIN)
    admin = world.actor(f"{name} admin")
    for slot in ("licence", "authorisation"):
        workflow.hand_in_paper(account, slot, file(f"{slot}.pdf"), actor=admin, on=DAY)
    return account, account.claims.get()


def codes(refusal) -> list[str]:
    """The codes of a refusal's reasons."""
    return [reason.code for reason in refusal.value.reasons]
