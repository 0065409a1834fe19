"""Filing-code serials, from the blocks the province has granted."""

from django.db.models import F

from core.refusals import Reason, Refused
from filings.models import Filing, SerialBlock
from regulation.codes import build_filing_code

EXHAUSTED = Reason(
    "serials_exhausted", "省里批的备案编码号段已经用完，现在不能同意备案。请系统管理员录入新批的号段。", citation="M12"
)


def available() -> bool:
    """Tell whether a serial is left."""
    return SerialBlock.objects.filter(next__lte=F("last")).exists()


def in_use(first: int, last: int) -> list[str]:
    """Return the filing codes of these serials that are given already, in their order."""
    between = (build_filing_code(first), build_filing_code(last))
    return list(Filing.objects.filter(code__range=between).order_by("code").values_list("code", flat=True))


def take() -> str:
    """Return the next filing code, in the caller's transaction. Raises Refused when every block is used up."""
    block = SerialBlock.objects.select_for_update().filter(next__lte=F("last")).order_by("first").first()
    if block is None:
        raise Refused(EXHAUSTED)
    # The row's history tells what people did with the block; which code went where, the filings tell.
    SerialBlock.objects.filter(pk=block.pk).update(next=block.next + 1)
    return build_filing_code(block.next)
