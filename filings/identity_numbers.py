"""Identity numbers (公民身份号码): written one way, and what is wrong with one."""

import unicodedata

from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from core.refusals import Reason

_MALFORMED = "身份证号应为18位：前17位是数字，最后一位是数字或 X，其中第7至14位是出生日期。请改正。"
_DOUBTFUL = "{what}：请对照身份证逐位核对；确认无误的，请勾选“号码与身份证一致”后再保存。"


def normal(number: str) -> str:
    """Return the number in half-width characters without spaces, X as a capital."""
    return ric.compact(unicodedata.normalize("NFKC", number))


def against(number: str, *, confirmed: bool = False, field: str = "legal_representative_id") -> Reason | None:
    """Return what stands against the number, or None.

    A malformed number is refused; a wrong check digit or an area that the table does not know, both of which real
    numbers have, only until it is `confirmed`.
    """
    number = normal(number)
    malformed = Reason("identity_number_malformed", _MALFORMED, field)
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()) or number[17] not in "0123456789X":
        return malformed
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return malformed
    try:
        ric.validate(number)
    except InvalidChecksum:
        what = "校验位不符"
    except InvalidComponent:
        what = "前6位不是已知的地区代码"
    else:
        return None
    return None if confirmed else Reason("identity_number_doubtful", _DOUBTFUL.format(what=what), field)
