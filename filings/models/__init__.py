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
from filings.models.changes import ChangeItem
from filings.models.claim import Claim
from filings.models.clerical import ClericalCorrection
from filings.models.filing import (
    ENDS_ON_SERVICE,
    Filing,
    FilingScope,
    FilingSite,
    Receipt,
    in_force,
    renewals_holding,
    standing,
)
from filings.models.loops import Opinion, Request, RequestItem
from filings.models.quota import CapOverride, QuotaDecision, QuotaYear, SerialBlock, UrgentOccupation
from filings.models.setting_aside import SettingAside

__all__ = [
    "ENDS_ON_SERVICE",
    "Application",
    "Assessment",
    "CapOverride",
    "ChangeItem",
    "Claim",
    "ClericalCorrection",
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
    "SettingAside",
    "Site",
    "StaffMember",
    "StateField",
    "TrainingRecord",
    "UrgentOccupation",
    "in_force",
    "renewals_holding",
    "standing",
]
