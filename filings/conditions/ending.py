"""Deregistration (注销): who has asked for it or what has been proved, and what it waits for."""

import datetime

from core.accounts.actors import Actor
from core.refusals import Reason
from filings import obstacles
from filings.conditions.common import Data
from filings.enums import DeregistrationGround
from filings.models import WAITING, Deregistration, Filing


def undecided(filing: Filing) -> list[Deregistration]:
    """Return the grounds that wait for a decision, the oldest first."""
    return list(filing.deregistrations.filter(WAITING, document__isnull=True))


def deregister(filing: Filing, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """The agency asks for it, and nothing of it is unfinished; or its legal person has ceased, with proof: nobody is
    left then to finish anything, and nothing is waited for."""
    if actor.is_system:  # it was decided earlier, and the decision has now been served
        return []
    if not filing.in_force(on):
        return [Reason("not_in_force", "备案已经失效，不用再注销。", "", "M14")]
    found = undecided(filing)
    if not found:
        if filing.deregistrations.filter(WAITING).exists():
            return [Reason("decided_unserved", "注销决定已经作出，还没有送达；送达之日备案即注销。", "", "M23")]
        return [Reason("no_ground", "机构没有申请注销，也没有法人终止的证明，不能注销。", "", "M23")]
    if data is not None:
        chosen = next((one for one in found if one.pk == data.get("deregistration")), None)
        if chosen is None:
            return [Reason("other_ground", "请选择这次注销的事由。", "deregistration", "M23")]
        found = [chosen]
    if any(one.ground == DeregistrationGround.CEASED for one in found):
        return []
    return obstacles.against(filing, on)
