"""The filing's tables: the application and what it holds, the loops with the agency, the assessment, the filing."""

from filings.models.application import Application
from filings.models.assessment import Assessment, Criterion, ExpertTask, Score
from filings.models.assignment import Assignment
from filings.models.changes import ChangeItem
from filings.models.claim import Claim
from filings.models.clerical import ClericalCorrection
from filings.models.content import LeftOut, Material, PartMark, ScopeItem, Site, StaffMember, TrainingRecord
from filings.models.counter import CounterPaper
from filings.models.ending import WAITING, Deregistration, Suspension, holding, suspended
from filings.models.filing import (
    ENDS_ON_SERVICE,
    Filing,
    FilingScope,
    FilingSite,
    Receipt,
    in_force,
    renewals_holding,
    standing,
    unchanging,
)
from filings.models.filing_import import FilingImport
from filings.models.loops import Opinion, Request, RequestItem
from filings.models.merit import PassedOver, PlaceGiven
from filings.models.quota import CapOverride, QuotaDecision, QuotaYear, SerialBlock, UrgentOccupation
from filings.models.setting_aside import SettingAside
from filings.models.state import StateField

__all__ = [
    "ENDS_ON_SERVICE",
    "WAITING",
    "Application",
    "Assessment",
    "Assignment",
    "CapOverride",
    "ChangeItem",
    "Claim",
    "ClericalCorrection",
    "CounterPaper",
    "Criterion",
    "Deregistration",
    "ExpertTask",
    "Filing",
    "FilingImport",
    "FilingScope",
    "FilingSite",
    "LeftOut",
    "Material",
    "Opinion",
    "PartMark",
    "PassedOver",
    "PlaceGiven",
    "QuotaDecision",
    "QuotaYear",
    "Receipt",
    "Request",
    "RequestItem",
    "ScopeItem",
    "Score",
    "SerialBlock",
    "SettingAside",
    "Site",
    "StaffMember",
    "StateField",
    "Suspension",
    "TrainingRecord",
    "UrgentOccupation",
    "holding",
    "in_force",
    "renewals_holding",
    "standing",
    "suspended",
    "unchanging",
]
