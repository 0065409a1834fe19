"""The only code that changes a state in filings: one function per transition, by topic."""

from filings.workflow.assessing import (
    assign_expert,
    confirm_items,
    invite_supplements,
    record_periodic_evaluation,
    record_visit,
    start_assessment,
    submit_sheet,
    supply_supplements,
    upload_qualification,
    withdraw_expert,
    write_report,
)
from filings.workflow.claims import confirm_claim, hand_in_paper, make_claim, reject_claim
from filings.workflow.correcting import answer_item, ask_extension, extend_correction, request_correction, resubmit
from filings.workflow.counter import register_agency, upload_scan
from filings.workflow.deciding import approve, override_cap, refuse, request_override
from filings.workflow.drafting import create_application, save_draft, submit, upload_material, withdraw
from filings.workflow.ending import ask_deregistration, deregister, record_ceased, take_back_deregistration
from filings.workflow.following import record_found_day
from filings.workflow.receiving import accept, decline, mark_material, mark_part
from filings.workflow.recommending import give_late_opinion, give_opinion, recommend, request_opinion
from filings.workflow.setting_aside import reinstate, set_aside, upload_ruling

__all__ = [
    "accept",
    "answer_item",
    "approve",
    "ask_deregistration",
    "ask_extension",
    "assign_expert",
    "confirm_claim",
    "confirm_items",
    "create_application",
    "decline",
    "deregister",
    "extend_correction",
    "give_late_opinion",
    "give_opinion",
    "hand_in_paper",
    "invite_supplements",
    "make_claim",
    "mark_material",
    "mark_part",
    "override_cap",
    "recommend",
    "record_ceased",
    "record_found_day",
    "record_periodic_evaluation",
    "record_visit",
    "refuse",
    "register_agency",
    "reinstate",
    "reject_claim",
    "request_correction",
    "request_opinion",
    "request_override",
    "resubmit",
    "save_draft",
    "set_aside",
    "start_assessment",
    "submit",
    "submit_sheet",
    "supply_supplements",
    "take_back_deregistration",
    "upload_material",
    "upload_qualification",
    "upload_ruling",
    "upload_scan",
    "withdraw",
    "withdraw_expert",
    "write_report",
]
