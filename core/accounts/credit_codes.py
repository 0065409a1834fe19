"""Unified social credit codes (统一社会信用代码): written one way, and what is wrong with one."""

import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from core.refusals import Reason


def normal(code: str) -> str:
    """Return the code in half-width capitals without spaces or hyphens."""
    return uscc.compact(unicodedata.normalize("NFKC", code))


def against(code: str, *, confirmed: bool = False, field: str = "credit_code") -> Reason | None:
    """Return what stands against the code, or None.

    A malformed code is refused; a wrong check digit, which some real codes have, only until it is `confirmed`.
    """
    try:
        uscc.validate(code)
    except InvalidChecksum:
        if confirmed:
            return None
        text = "校验位不符：请对照营业执照逐位核对；确认无误的，请勾选“代码与证照一致”后再提交。"
        return Reason("credit_code_check_digit", text, field)
    except ValidationError:
        text = "统一社会信用代码应为18位：前8位是数字，其余是数字或大写字母（不含 I、O、S、V、Z）。请改正。"
        return Reason("credit_code_malformed", text, field)
    return None
