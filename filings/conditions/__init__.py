"""What must hold for each transition: every reason at once, each with its field and its article.

Signature: (application, *, actor, on, data) -> list[Reason]. `data` is None when only the buttons are asked for; what
the form brings is then left out.
"""

from filings.conditions.assessing import (
    QUALIFICATION,
    confirm_items,
    invite_supplements,
    override_cap,
    qualification,
    request_override,
    start_assessment,
    supply_supplements,
)
from filings.conditions.clerical import correct_paper
from filings.conditions.common import consents, nothing
from filings.conditions.deciding import against_places, approve, places_free, refuse
from filings.conditions.ending import deregister
from filings.conditions.receiving import accept, decline, extend_correction, request_correction, resubmit
from filings.conditions.recommending import give_late_opinion, give_opinion, recommend, request_opinion
from filings.conditions.setting_aside import RULING, reinstate, restore, ruling, set_aside
from filings.conditions.submitting import renewal_window, submit, withdraw

__all__ = [
    "QUALIFICATION",
    "RULING",
    "accept",
    "against_places",
    "approve",
    "confirm_items",
    "consents",
    "correct_paper",
    "decline",
    "deregister",
    "extend_correction",
    "give_late_opinion",
    "give_opinion",
    "invite_supplements",
    "nothing",
    "override_cap",
    "places_free",
    "qualification",
    "recommend",
    "refuse",
    "reinstate",
    "renewal_window",
    "request_correction",
    "request_opinion",
    "request_override",
    "restore",
    "resubmit",
    "ruling",
    "set_aside",
    "start_assessment",
    "submit",
    "supply_supplements",
    "withdraw",
]
