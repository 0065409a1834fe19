"""The filing's tables: the application and what it holds, the loops with the agency, the assessment, the filing."""

from filings.models.application import (
    Application,
    LeftOut,
    Material,
    PartMark,
    ScopeItem,
    Site,
    StaffMember,
    StateField,
    TrainingRecord,
)
from filings.models.assessment import Assessment, Criterion, ExpertTask, Score
from filings.models.assignment import Assignment
from filings.models.changes import ChangeItem
from filings.models.claim import Claim
from filings.models.filing import Filing, FilingScope, FilingSite, Receipt, in_force, standing
from filings.models.loops import Opinion, Request, RequestItem
from filings.models.quota import CapOverride, QuotaDecision, QuotaYear, SerialBlock, UrgentOccupation

__all__ = [
    "Application",
    "Assessment",
    "Assignment",
    "CapOverride",
    "ChangeItem",
    "Claim",
    "Criterion",
    "ExpertTask",
    "Filing",
    "FilingScope",
    "FilingSite",
    "LeftOut",
    "Material",
    "Opinion",
    "PartMark",
    "QuotaDecision",
    "QuotaYear",
    "Receipt",
    "Request",
    "RequestItem",
    "ScopeItem",
    "Score",
    "SerialBlock",
    "Site",
    "StaffMember",
    "StateField",
    "TrainingRecord",
    "UrgentOccupation",
    "in_force",
    "standing",
]
