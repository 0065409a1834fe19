"""A clerical correction of an issued paper (更正): which paper, which words, why."""

import datetime

from core.accounts.actors import Actor
from core.documents import verification
from core.refusals import Reason
from filings import clerical
from filings.conditions.common import Data
from filings.models import ClericalCorrection, Receipt


def correct_paper(correction: ClericalCorrection, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """The paper still stands; only words that may be corrected are, each says something else; of a receipt the filing
    still says what it printed."""
    document = correction.document
    known = {leaf.path: leaf for leaf in clerical.leaves(document)}
    reasons = _against_paper(correction, on)
    if not reasons and known.keys() >= {change["path"] for change in correction.changes}:
        reasons = _against_filing(correction, on)
    if not known:
        text = f"《{document.title}》没有可以更正的文字：日期、期限、编码、等级和范围不能更正，应当依法另行处理。"
        reasons.append(Reason("not_correctable", text))
    elif not correction.changes:
        reasons.append(Reason("nothing_corrected", "没有更正任何内容。"))
    for change in correction.changes:
        path = change["path"]
        if path not in known:
            reasons.append(Reason("not_correctable", f"“{path}”不是可以更正的文字。", path))
        elif not change["after"]:
            reasons.append(Reason("empty", f"“{change['label']}”不能改成空白。", path))
    if not correction.reason.strip():
        reasons.append(Reason("reason_missing", "请写明更正的原因。", "reason"))
    return reasons


def _against_paper(correction: ClericalCorrection, on: datetime.date) -> list[Reason]:
    document = correction.document
    if later := verification.successor_of(document):
        return [Reason("superseded", f"这份文书已被{later.number}替换，请更正新的一份。")]
    if verification.undone(document, on):
        return [Reason("set_aside", "这份文书已依裁决撤销，不再更正。")]
    if Receipt.objects.filter(document=document, superseded_on__lte=on).exists():
        return [Reason("superseded", "这份回执已被新的回执替换，请更正现行的一份。")]
    return []


def _against_filing(correction: ClericalCorrection, on: datetime.date) -> list[Reason]:
    receipt = Receipt.objects.filter(document=correction.document).select_related("filing").first()
    if receipt is None:
        return []
    moved = [before for target, before, _ in clerical.targets(correction, receipt.filing, on) if target is None]
    return [Reason("moved", f"备案内容已经不是“{before}”，不能按文字错误更正，请看现在的备案。") for before in moved]
