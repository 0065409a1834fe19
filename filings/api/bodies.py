"""What the acting routes take: the form alone; whether it may be done is for filings.workflow to say."""

import json
from typing import Any

from rest_framework import serializers

from core.accounts.models import Organisation
from core.api.fields import LARGEST, Day, Id
from core.documents.models import ServiceMethod
from core.documents.service import BEFORE_ANNOUNCEMENT
from filings import parts, pending
from filings.api.fields import LEVEL_CHOICES, MATERIAL_CHOICES, unique
from filings.enums import ApplicationKind, AssessmentMethod, RulingAuthority
from filings.models import Application
from filings.parts import PART_CHOICES
from filings.workflow import reusing
from regulation.bases import LEFT_OUT_BASES

TEXT = 5000
# An item of a change, as filings.changes calls it: "name", "occupation:6-18-02-04", "site:+34".
ITEM = r"^[a-z_]{1,24}(:\+?[0-9-]{1,20})?$"


class Text(serializers.CharField):
    """A text of several lines."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": TEXT, **kwargs})


class BasedOnField(serializers.PrimaryKeyRelatedField):
    """An ended application of the caller's agency."""

    default_error_messages = {"does_not_exist": "本机构没有这样一件已经结束、可以沿用内容的申请。"}

    def get_queryset(self) -> Any:
        """Those that the caller's agency can take over; none for anybody else."""
        agency = self.context["actor"].organisation if "actor" in self.context else None
        return reusing.reusable(agency) if agency is not None else Application.objects.none()


class EnterableField(serializers.PrimaryKeyRelatedField):
    """An agency for which the caller's office takes applications in at its counter."""

    default_error_messages = {"does_not_exist": "没有这样一家可以由本窗口代录的机构。"}

    def get_queryset(self) -> Any:
        """Those; none for anybody else."""
        actor = self.context.get("actor")
        return pending.enterable(actor) if actor is not None else Organisation.objects.none()


class CreateBody(serializers.Serializer):
    """A new draft: of the caller's agency, or for an agency what came over the caller's counter."""

    kind = serializers.ChoiceField(choices=ApplicationKind.choices, default=ApplicationKind.INITIAL.value)
    based_on = BasedOnField(
        queryset=Application.objects.all(),
        pk_field=Id(),
        required=False,
        allow_null=True,
        default=None,
        help_text="沿用内容的申请：本机构已经结束的一件；承诺书及其日期除外",
    )
    agency = EnterableField(
        queryset=Organisation.objects.all(),
        pk_field=Id(),
        required=False,
        allow_null=True,
        default=None,
        help_text="窗口代录：为哪家机构，见 /api/v1/counter/agencies/；机构自己填写的不写",
    )
    counter_on = Day(required=False, allow_null=True, default=None, help_text="窗口代录：窗口递交日期，不写为今天")


class FileBody(serializers.Serializer):
    """A file, by multipart/form-data."""

    file = serializers.FileField(help_text="PDF、JPG、PNG、DOCX 或 XLSX，按内容辨认")


class AnswerBody(serializers.Serializer):
    """The agency's answer to one item: words, for a material a file too; a part is edited at its own address."""

    answer = Text(required=False, allow_blank=True, default="")
    file = serializers.FileField(required=False)


class ReasonBody(serializers.Serializer):
    """A reason."""

    reason = serializers.CharField(max_length=300)


class RejectBody(serializers.Serializer):
    """Why a claim is rejected; the agency reads it."""

    reason = Text()


class AssignBody(serializers.Serializer):
    """Which expert."""

    expert = serializers.IntegerField(min_value=1, max_value=LARGEST, help_text="专家岗位的编号")


class VisitBody(serializers.Serializer):
    """The site visit."""

    visit_on = Day()
    note = Text()
    file = serializers.FileField(required=False, help_text="签字的考察记录")


class ReportBody(serializers.Serializer):
    """The assessment's report."""

    text = serializers.CharField(max_length=50_000)


class FoundDayBody(serializers.Serializer):
    """On what day a reported change happened, as the centre found it (M13)."""

    found_on = Day(help_text="查明的变更之日")
    note = serializers.CharField(max_length=300, help_text="查明的依据")
    file = serializers.FileField(required=False, help_text="依据的扫描件；不上传的，已上传的照留")


class MarkBody(serializers.Serializer):
    """Marks on one criterion."""

    criterion = serializers.SlugField(max_length=40)
    marks = serializers.IntegerField(min_value=0, max_value=1000)
    reason = Text()


class SheetBody(serializers.Serializer):
    """An expert's sheet."""

    marks = MarkBody(many=True)
    positive = serializers.BooleanField(help_text="总体意见：同意")
    opinion = Text()

    def validate_marks(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each criterion once."""
        unique([one["criterion"] for one in value], "评估标准")
        return value

    @staticmethod
    def by_criterion(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The marks as the workflow takes them."""
        return {one["criterion"]: {"marks": one["marks"], "reason": one["reason"]} for one in data["marks"]}


class AttemptBody(serializers.Serializer):
    """How service was tried before, and why it failed."""

    method = serializers.ChoiceField(choices=[(one.value, one.label) for one in BEFORE_ANNOUNCEMENT])
    on = Day(help_text="哪一天送的")
    why = serializers.CharField(max_length=200, help_text="为什么没有送到")


class ServiceBody(serializers.Serializer):
    """How a paper was served, with its proof."""

    method = serializers.ChoiceField(choices=[one for one in ServiceMethod.choices if one[0] != ServiceMethod.PORTAL])
    served_on = Day(help_text="送达日期；公告送达的，张贴日期")
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    attempts = AttemptBody(
        many=True,
        required=False,
        default=list,
        max_length=10,
        help_text="此前的送达（JSON）；公告送达的必填：直接、邮寄、留置各在哪一天、为什么没有送到",
    )
    proof = serializers.FileField(help_text="回证、邮寄回执、见证记录或公告截图")

    def to_internal_value(self, data: Any) -> Any:
        """A list within multipart comes as JSON text, as OpenAPI has it."""
        sent = {name: data[name] for name in data}
        if isinstance(sent.get("attempts"), str):
            try:
                sent["attempts"] = json.loads(sent["attempts"])
            except ValueError:
                raise serializers.ValidationError({"attempts": "请以 JSON 数组提交。"}) from None
        return super().to_internal_value(sent)


# Transitions


class Body(serializers.Serializer):
    """A transition's body. `payload` is what the workflow function takes."""

    def payload(self, data: dict[str, Any]) -> dict[str, Any]:
        """The validated body as keyword arguments, plain enough to be kept in a proposal."""
        return data


class ProposedBody(Body):
    """Of a transition that one person proposes and another decides."""

    proposal_reason = Text(required=False, allow_blank=True, default="", help_text="提议理由，给决定人看")

    def payload(self, data: dict[str, Any]) -> dict[str, Any]:
        """The reason for proposing is no part of what is proposed."""
        return {key: value for key, value in data.items() if key != "proposal_reason"}


class DeregisterBody(ProposedBody):
    """On which ground a filing is deregistered."""

    deregistration = Id(help_text="注销的事由，等待决定的一项")


class AskDeregistrationBody(serializers.Serializer):
    """Why an agency asks for its filing to be deregistered."""

    reason = serializers.CharField(max_length=500, help_text="只有本机构和人社部门看得到")


class CeasedBody(serializers.Serializer):
    """That the legal person has ceased, with its proof."""

    ceased_on = Day(help_text="法人终止的日期")
    reason = serializers.CharField(max_length=500, help_text="查明的情况，写入公开可查的决定书：不写个人姓名")
    proof = serializers.FileField(help_text="登记机关的注销登记通知、判决书等")


class SubmitBody(Body):
    """Handing in; the fields are for what came over the counter."""

    counter_on = Day(required=False, allow_null=True, default=None, help_text="窗口递交日期有更正的；网上填写的不写")
    late_reason = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=300,
        help_text="审核期限届满后才录入的，没有及时录入的原因",
    )


class WithdrawBody(Body):
    """Why, if the agency wishes to say."""

    reason = Text(required=False, allow_blank=True, default="")


class CorrectionBody(Body):
    """The period; what is wrong is written from the marks."""

    days = serializers.IntegerField(min_value=1, max_value=30, help_text="补正期限（日）")


class ExtensionBody(Body):
    """The new length of the whole period, and why."""

    days = serializers.IntegerField(min_value=2, max_value=60, help_text="延长后的总期限（日）")
    reason = serializers.CharField(max_length=300)


class DeclineGroundBody(serializers.Serializer):
    """A ground for declining: what correction cannot mend, or a material or part that stayed wrong after it."""

    reason = Text()
    basis = serializers.CharField(max_length=20, help_text="条款，如 M7(1)")
    unmendable = serializers.BooleanField(default=False, help_text="补正解决不了")
    material = serializers.ChoiceField(choices=MATERIAL_CHOICES, required=False)
    part = serializers.ChoiceField(choices=PART_CHOICES, required=False, help_text="申请内容")


class DeclineBody(ProposedBody):
    """Reasons and basis (M10)."""

    grounds = DeclineGroundBody(many=True)


class OpinionBody(ProposedBody):
    """The county's opinion (M6)."""

    positive = serializers.BooleanField(help_text="推荐")
    text = Text()


class StartBody(Body):
    """The methods of M11."""

    methods = serializers.ListField(child=serializers.ChoiceField(choices=AssessmentMethod.choices), max_length=4)
    plan = Text(required=False, allow_blank=True, default="")
    commissioned = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=200,
        help_text="受托评估机构的名称；资质证明先传到 assessment/qualification/",
    )

    def validate_methods(self, value: list[str]) -> list[str]:
        """Each once."""
        return unique(value, "评估方式")


class SupplementBody(serializers.Serializer):
    """One thing asked for: a material to be supplemented, or a part of the form to be corrected."""

    material = serializers.ChoiceField(choices=MATERIAL_CHOICES, required=False)
    part = serializers.ChoiceField(choices=PART_CHOICES, required=False, help_text="申请内容；与 material 择一填写")
    what = Text()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if not parts.key_of(attrs):
            raise serializers.ValidationError("material 和 part 请择一填写。")
        return attrs


class InviteBody(Body):
    """Named supplements."""

    items = SupplementBody(many=True)

    def validate_items(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each material and part once."""
        unique([parts.key_of(one) for one in value], "材料或内容")
        return value


class OverrideRequestBody(Body):
    """Which full cap, and why the centre asks (M37)."""

    cap = serializers.CharField(max_length=40, help_text="city，或“市区:6-18-02-04”（半角冒号）")
    reason = Text()


class OverrideBody(ProposedBody):
    """Which cap the centre asked about, and the bureau's answer with its reason (M37)."""

    cap = serializers.CharField(max_length=40, help_text="city，或“市区:6-18-02-04”（半角冒号）")
    granted = serializers.BooleanField(help_text="同意超名额")
    reason = Text()


class OccupationReasonBody(serializers.Serializer):
    """A reason about one occupation."""

    occupation = serializers.RegexField(r"^[0-9-]{1,10}$", help_text="职业代码")
    reason = serializers.CharField(max_length=300)


class LeftOutBody(serializers.Serializer):
    """A part left out: a level, a site, or, naming neither, the whole occupation; of a change one of its items."""

    occupation = serializers.RegexField(r"^[0-9-]{1,10}$", required=False, help_text="职业代码")
    item = serializers.RegexField(ITEM, required=False, help_text="变更事项；变更备案用这一项，不写职业")
    level = serializers.ChoiceField(choices=LEVEL_CHOICES, required=False, allow_null=True, default=None)
    site = serializers.IntegerField(
        min_value=1, max_value=LARGEST, required=False, allow_null=True, default=None, help_text="考评场地的编号"
    )
    reason = serializers.CharField(max_length=300)
    basis = serializers.ChoiceField(choices=LEFT_OUT_BASES, help_text="依据的条款")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """An occupation or an item, not both."""
        if ("occupation" in data) == ("item" in data):
            raise serializers.ValidationError("每一项写职业代码或变更事项，二者选一。")
        return data


class ConfirmItemsBody(Body):
    """Which items of a change the agency still wants though the filing says otherwise by now (M13)."""

    items = serializers.ListField(
        child=serializers.RegexField(ITEM), max_length=200, help_text="变更事项，如 name、occupation:6-18-02-04"
    )


class PassedOverBody(serializers.Serializer):
    """Better ones passed over for a place, and why (M11)."""

    cap = serializers.CharField(max_length=40, help_text="city，或“市区:6-18-02-04”（半角冒号）")
    rivals = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST),
        min_length=1,
        max_length=200,
        help_text="越过的申请，一件不能少：places/{key}/candidates/ 里排在前面而会得不到名额的",
    )
    reason = serializers.CharField(max_length=1000)


class ApproveBody(ProposedBody):
    """In whole or in part (M11, M12): every part of the application is granted that is not left out."""

    granted = serializers.ListField(
        child=serializers.RegexField(rf"^[0-9-]{{1,10}}$|{ITEM}"),
        max_length=200,
        help_text="同意的职业代码；变更备案为同意的变更事项",
    )
    left_out = LeftOutBody(many=True, required=False, help_text="不同意的职业、等级、场地，各有理由和依据")
    relaxed = OccupationReasonBody(many=True, required=False, help_text="放宽 2,000 人次的急需紧缺职业及理由")
    passed_over = PassedOverBody(many=True, required=False, help_text="越过评分更高的申请及理由，每一名额一项")

    def payload(self, data: dict[str, Any]) -> dict[str, Any]:
        """Plain lists, the relaxations by occupation, the passings over by place, as the workflow takes them."""
        return {
            "granted": data["granted"],
            "left_out": [dict(one) for one in data.get("left_out", [])],
            "relaxed": {one["occupation"]: one["reason"] for one in data.get("relaxed", [])},
            "passed_over": {
                one["cap"]: {"reason": one["reason"], "rivals": one["rivals"]} for one in data.get("passed_over", [])
            },
        }


class RefuseGroundBody(serializers.Serializer):
    """A ground for refusing."""

    reason = Text()
    basis = serializers.CharField(max_length=20, help_text="条款，如 M7(7)")


class RefuseBody(ProposedBody):
    """Reasons and basis (M11)."""

    grounds = RefuseGroundBody(many=True)


class ReinstateBody(ProposedBody):
    """A later ruling that lets a revoked grant stand again; its scan is uploaded to ruling/ before."""

    authority = serializers.ChoiceField(choices=RulingAuthority.choices, help_text="作出裁决的机关")
    number = serializers.CharField(max_length=80, help_text="裁决文书号")
    ruled_on = Day(help_text="裁决日期")
    orders = Text(help_text="裁决内容")

    def payload(self, data: dict[str, Any]) -> dict[str, Any]:
        """The day as text, as a proposal keeps it."""
        return super().payload(data) | {"ruled_on": data["ruled_on"].isoformat()}


class SetAsideBody(ReinstateBody):
    """A ruling that sets the decision aside; its scan is uploaded to ruling/ before."""

    certificates_stand = serializers.BooleanField(
        required=False, help_text="此前的证书仍然有效；只在撤销备案时填写，不填即仍然有效"
    )
