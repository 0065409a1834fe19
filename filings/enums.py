"""States, kinds and their groups."""

from django.db import models


class ApplicationKind(models.TextChoices):
    INITIAL = "initial", "首次备案"
    CHANGE = "change", "变更备案"
    RENEWAL = "renewal", "延续备案"


class ApplicationState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    CORRECTING = "correcting", "待补正"
    ABANDONED = "abandoned", "视为放弃"
    DECLINED = "declined", "不予受理"
    ACCEPTED = "accepted", "已受理"
    RECOMMENDED = "recommended", "已出具推荐意见"
    ASSESSING = "assessing", "技术评估中"
    APPROVED = "approved", "同意备案"
    REFUSED = "refused", "不予备案"
    WITHDRAWN = "withdrawn", "已撤回"
    CLOSED = "closed", "已终结"


_S = ApplicationState

# Where the agency, the county or the centre still has something to do.
OPEN_STATES = (_S.DRAFT, _S.SUBMITTED, _S.CORRECTING, _S.ACCEPTED, _S.RECOMMENDED, _S.ASSESSING)
# The same once it is handed in: what offices see of it.
UNDER_WAY = OPEN_STATES[1:]
CLOSED_STATES = (_S.ABANDONED, _S.DECLINED, _S.APPROVED, _S.REFUSED, _S.WITHDRAWN, _S.CLOSED)
# Handed in and neither decided nor ended.
UNDECIDED_STATES = OPEN_STATES[1:]
EDITABLE_STATES = (_S.DRAFT,)
# What the centre sees; before acceptance a matter is the county's.
AFTER_ACCEPTANCE = (_S.ACCEPTED, _S.RECOMMENDED, _S.ASSESSING, _S.APPROVED, _S.REFUSED)


# What review or suit may set aside, and the state before it; a closed application has its own (`closed_from`).
STATE_BEFORE = {
    _S.DECLINED: _S.SUBMITTED,
    _S.ABANDONED: _S.CORRECTING,
    _S.REFUSED: _S.ASSESSING,
    _S.APPROVED: _S.ASSESSING,
}
# Where what a ruling took up again may be when a later one lets the grant stand after all.
REINSTATED_FROM = (_S.ASSESSING, _S.REFUSED, _S.WITHDRAWN)
# What a filing's end may have closed and a setting aside takes up again: a draft was never handed in.
CLOSED_FROM = (_S.SUBMITTED, _S.CORRECTING, _S.ACCEPTED, _S.ASSESSING)


class RulingAuthority(models.TextChoices):
    """Who sets a decision aside."""

    REVIEW = "review", "行政复议机关"
    COURT = "court", "人民法院"


class CorrectionState(models.TextChoices):
    """A clerical correction of a paper: one person proposes, another decides."""

    PROPOSED = "proposed", "待决定"
    ISSUED = "issued", "已更正"


class Turn(models.TextChoices):
    """Who has to do the next thing in an application."""

    AGENCY = "agency", "机构"
    COUNTY = "county", "县（市、区）"
    CENTRE = "centre", "市中心"
    BUREAU = "bureau", "市局"


class Lateness(models.TextChoices):
    """What of an application is late: an office past its last day, or the agency that asked too late (M13, M14)."""

    OVERDUE = "overdue", "办理期限已过"
    ASKED_LATE = "asked_late", "逾期提出的变更、延续"


class Due(models.TextChoices):
    """Which of the periods that run for an office are near their end."""

    SOON = "soon", "三个工作日内届满"


class ClaimState(models.TextChoices):
    """A registration claim: an agency says that a credit code is its own."""

    PENDING = "pending", "待核实"
    CONFIRMED = "confirmed", "已核实"
    REJECTED = "rejected", "未通过"


class Requester(models.TextChoices):
    """Who asks the agency for more: a correction before acceptance, or supplements during assessment."""

    CORRECTION = "correction", "补正"
    SUPPLEMENT = "supplement", "补充材料"


class OpinionKind(models.TextChoices):
    RECOMMENDATION = "recommendation", "推荐意见"
    LATE = "late", "逾期意见"
    ASKED = "asked", "应询意见"


class AssessmentMethod(models.TextChoices):
    """M11's ways of technical assessment."""

    MATERIAL = "material", "材料核验"
    PANEL = "panel", "专家论证"
    VISIT = "visit", "现场考察"
    COMMISSIONED = "commissioned", "委托评估机构"


class FilingState(models.TextChoices):
    ACTIVE = "active", "有效"
    EXPIRED = "expired", "已失效"
    TERMINATED = "terminated", "终止备案"
    DEREGISTERED = "deregistered", "已注销"
    REVOKED = "revoked", "已撤销"


class DeregistrationGround(models.TextChoices):
    """Why a filing is deregistered."""

    ASKED = "asked", "机构申请"
    CEASED = "ceased", "法人终止"


class QuotaDecisionState(models.TextChoices):
    """A year's number of agencies: one person proposes, another sets it (M37)."""

    PROPOSED = "proposed", "待决定"
    SET = "set", "已设定"


class ImportState(models.TextChoices):
    """A file of filings from the time of paper: uploaded and checked, then loaded by two people, or given up."""

    OPEN = "open", "待录入"
    LOADED = "loaded", "已录入"
    DISCARDED = "discarded", "已作废"


class AssignmentState(models.TextChoices):
    """An agency from elsewhere for an area that has none (M37): asked, answered, made, ended."""

    OFFERED = "offered", "待机构答复"
    CONSENTED = "consented", "机构已同意"
    DECLINED = "declined", "机构不同意"
    WITHDRAWN = "withdrawn", "没有调配"
    IN_FORCE = "in_force", "调配中"
    ENDED = "ended", "已结束"


class StaffKind(models.TextChoices):
    """M7(3): who an agency must have."""

    FULL_TIME = "staff", "专职工作人员"
    ASSESSOR = "assessors", "考评人员"
    SUPERVISOR = "supervisors", "督导人员"
    EXPERT = "experts", "技术专家"


class LegalForm(models.TextChoices):
    SCHOOL = "school", "民办非企业单位（社会服务机构）"
    COMPANY = "company", "企业"
    INSTITUTION = "institution", "事业单位"
    ASSOCIATION = "association", "社会团体"
    OTHER = "other", "其他法人"


LEVELS = (
    (5, "五级（初级工）"),
    (4, "四级（中级工）"),
    (3, "三级（高级工）"),
    (2, "二级（技师）"),
    (1, "一级（高级技师）"),
)
