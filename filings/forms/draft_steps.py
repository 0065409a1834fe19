"""The steps of a draft that are one form each: the agency, since when it trains, the pledge."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.refusals import Reason
from filings import own_numbers
from filings.enums import ApplicationKind
from filings.forms.drafts import DayInput, DraftForm
from filings.models import Application
from filings.parts import PARTS
from regulation.thresholds import M7_WINDOW_YEARS


class AgencyForm(DraftForm):
    """Step 1: the agency and the person in charge."""

    needed = (
        "name",
        "credit_code",
        "legal_form",
        "area",
        "address",
        "legal_representative",
        "legal_representative_id",
        "contact",
        "contact_phone",
        "unit_name",
        "funding",
    )
    ticks = ("credit_code_confirmed", "legal_representative_id_confirmed")

    contact_phone = forms.RegexField(
        r"^\+?[0-9][0-9 -]{5,19}$",
        label="联系电话",
        error_messages={"invalid": "请填写手机号或带区号的固定电话。"},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    legal_representative_id = forms.CharField(
        label="法定代表人身份证号",
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credit_code_confirmed = forms.BooleanField(label="我已逐位核对，代码与证照一致", required=False)
    legal_representative_id_confirmed = forms.BooleanField(label="我已逐位核对，号码与身份证一致", required=False)

    class Meta:
        model = Application
        # The two days stand on the pages where they belong.
        fields = PARTS["agency"].fields
        widgets = {
            "registered_on": DayInput,
            "changed_on": DayInput,
            "funding": forms.Textarea(attrs={"rows": 2}),
            "rules_note": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {
            "accepts_supervision": "我机构自愿接受人力资源社会保障部门的监督",
            "not_for_profit": "我机构坚持社会效益优先，不以评价为营利目的",
        }
        help_texts = {
            "name": "与营业执照或登记证书一致。",
            "credit_code": "与机构注册时核实的代码一致。",
            "person_in_charge": "主管等级认定工作的负责人；变更时须报市中心。",
            "changed_on": "登记机关核准变更的日期。",
            "unit_name": "机构内部负责等级认定的部门。",
            "funding": "认定工作的经费从哪里来，怎样保证稳定。",
            "rules_note": "已建立的考务、命题、档案、回避等制度；全文放在材料里。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind != ApplicationKind.CHANGE:
            del self.fields["changed_on"]

    def clean_credit_code(self) -> str:
        """Malformed: refused. A wrong check digit in a changed code: only with the tick. Another agency's: refused."""
        return self._own_number("credit_code", own_numbers.credit_code)

    def clean_legal_representative_id(self) -> str:
        """Malformed: refused. A doubtful number that is new here: only with the tick."""
        return self._own_number("legal_representative_id", own_numbers.identity_number)

    def _own_number(self, name: str, check: Callable[..., tuple[str, Reason | None]]) -> str:
        number, reason = check(self.instance, self.cleaned_data[name], confirmed=f"{name}_confirmed" in self.data)
        if reason:
            raise ValidationError(reason.text, code=reason.code)
        return number

    @property
    def asks_credit_code(self) -> bool:
        """Whether the tick beside the code is to be shown: its check digit is doubtful."""
        return self._doubtful("credit_code", "credit_code_check_digit")

    @property
    def asks_identity(self) -> bool:
        """Whether the tick beside the identity number is to be shown."""
        return self._doubtful("legal_representative_id", "identity_number_doubtful")

    def _doubtful(self, name: str, code: str) -> bool:
        return self.is_bound and code in {error.code for error in self.errors.as_data().get(name, [])}


class SinceForm(DraftForm):
    """Step 2, over the occupations: since when the agency has trained and evaluated."""

    class Meta:
        model = Application
        fields = ["training_since"]
        widgets = {"training_since": DayInput}
        labels = {"training_since": "连续开展培训评价，自何日起"}
        help_texts = {"training_since": f"到首次提交时应连续满{M7_WINDOW_YEARS}年。"}

    needed = ("training_since",)


class PledgeForm(DraftForm):
    """Step 6: the day the legal representative signed the pledge."""

    class Meta:
        model = Application
        fields = ["pledge_signed_on"]
        widgets = {"pledge_signed_on": DayInput}
        labels = {"pledge_signed_on": "法定代表人签署承诺书的日期"}
        help_texts = {"pledge_signed_on": "与上传的承诺书上的日期一致。"}

    needed = ("pledge_signed_on",)
