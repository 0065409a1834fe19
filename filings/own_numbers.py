"""The numbers that name an agency in its application: one set of rules for the form and for the API (DOMAIN.md, M7)."""

from core.accounts import credit_codes
from core.refusals import Reason
from filings import identity_numbers
from filings.models import Application


def credit_code(application: Application, text: str, *, confirmed: bool) -> tuple[str, Reason | None]:
    """Return the code in its one form and what stands against it; what the draft holds already is not asked again.

    A wrong check digit only until `confirmed`; a code that is not the registered agency's is refused.
    """
    code = credit_codes.normal(text)
    registered = application.agency.credit_code
    reason = None
    if code and code not in (application.credit_code, registered):
        reason = credit_codes.against(code, confirmed=confirmed)
    if code and code != registered and reason is None:
        sentence = f"与机构注册时的代码（{registered}）不一致，请改正。"
        reason = Reason("credit_code_of_another", sentence, "credit_code", "M7(1)")
    return code, reason


def identity_number(application: Application, text: str, *, confirmed: bool) -> tuple[str, Reason | None]:
    """Return the legal representative's number in its one form and what stands against it, as `credit_code` does."""
    number = identity_numbers.normal(text)
    if not number or number == application.legal_representative_id:
        return number, None
    return number, identity_numbers.against(number, confirmed=confirmed)
