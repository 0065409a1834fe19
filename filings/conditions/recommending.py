"""The county's recommendation, in time or late (M6)."""

import datetime

from core.accounts.actors import Actor
from core.deadlines import clocks
from core.refusals import Reason
from filings.conditions.common import Data
from filings.enums import OpinionKind
from filings.models import Application
from filings.permissions import county_of


def recommend(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """With an opinion, either way, within the county's period (M6)."""
    if clocks.lapsed(application, "county_recommendation", on):
        return [Reason("recommendation_lapsed", "推荐期限已满，请改为补交逾期意见。", "", "M6")]
    return _opinion(data)


def give_late_opinion(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """After the recommendation period; attached, changes no state."""
    reasons = []
    if not clocks.lapsed(application, "county_recommendation", on):
        reasons.append(Reason("not_late", "推荐期限还没有满，请直接出具推荐意见。", "", "M6"))
    if application.opinions.filter(kind=OpinionKind.LATE).exists():
        reasons.append(Reason("given_before", "已经补交过逾期意见。", "", "M6"))
    return reasons + _opinion(data)


def request_opinion(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Once, of the county of the filing's seat."""
    if application.opinion_from_id is not None:
        return [Reason("asked_before", "已经征求过县（市、区）的意见。", "", "M6")]
    filing = application.filing
    if filing is None or county_of(filing.area_id) is None:
        return [Reason("no_county", "备案所在地还没有开通的县（市、区）人社局。", "", "M6")]
    return []


def give_opinion(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """When asked, once; it changes no state."""
    reasons = []
    if application.opinions.filter(kind=OpinionKind.ASKED).exists():
        reasons.append(Reason("given_before", "已经出具过意见。", "", "M6"))
    return reasons + _opinion(data)


def _opinion(data: Data) -> list[Reason]:
    if data is None:
        return []
    reasons = []
    if not isinstance(data.get("positive"), bool):
        reasons.append(Reason("choice_missing", "请选择推荐或不推荐。", "positive", "M6"))
    if not str(data.get("text", "")).strip():
        reasons.append(Reason("text_missing", "请写明意见。", "text", "M6"))
    return reasons
