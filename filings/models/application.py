"""The application: its state machine and its content (M7, M8)."""

import threading
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django_fsm import GET_STATE, FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from core.accounts.models import Organisation, Position
from core.clock.clock import now
from core.crypto import EncryptedTextField
from core.documents.models import Upload
from core.reference.models import Area, Occupation
from filings import permissions
from filings.enums import (
    CLOSED_FROM,
    LEVELS,
    REINSTATED_FROM,
    ApplicationKind,
    ApplicationState,
    LegalForm,
    StaffKind,
)
from filings.parts import PART_CHOICES, PARTS, Part
from regulation.materials import MATERIALS

S = ApplicationState


class StateField(FSMField):
    """A protected FSM field that migrations see as a plain CharField, so that they know nothing of the library.

    The library lifts the protection while it reads a row anew, and does so on the field that all rows share. Here it is
    lifted in that thread alone: otherwise two requests of one process that read at once stood in each other's way.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._lifted = threading.local()
        kwargs.setdefault("protected", True)
        super().__init__(*args, **kwargs)

    @property
    def protected(self) -> bool:
        """Whether only transitions may set it, in this thread."""
        return not getattr(self._lifted, "now", False)

    @protected.setter
    def protected(self, value: bool) -> None:
        self._lifted.now = not value

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("protected", None)
        return name, "django.db.models.CharField", args, kwargs


class Application(FSMModelMixin, models.Model):
    """A 备案申请. The content is the agency's words; what officers add lies in the tables beside it."""

    number = models.CharField("申请号", max_length=20, unique=True)
    kind = models.CharField("种类", max_length=10, choices=ApplicationKind, default=ApplicationKind.INITIAL)
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    # What a change or renewal is about, and what an initial one was before its filing ended (a late renewal, M14).
    filing = models.ForeignKey("filings.Filing", on_delete=models.PROTECT, null=True, related_name="applications")
    # Judged once, by the first submission (M13, M14): in time or late.
    late = models.BooleanField("逾期", default=False)
    changed_on = models.DateField("变更之日", null=True, blank=True)
    # The day of the change as the centre found it, with what shows it; kept beside the one declared (M13).
    found_on = models.DateField("查明的变更之日", null=True, blank=True)
    found_note = models.CharField("查明的依据", max_length=300, blank=True)
    # The county that the centre has asked for its opinion on a change or renewal (DOMAIN.md, chapter 2).
    opinion_from = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    # A late renewal whose filing ended goes on as an initial application from here (M14).
    became_initial_on = models.DateField("转为首次备案的日期", null=True)
    # Fixed at first submission: the county of the registered seat then; a move later changes nothing of it. One that
    # came over the counter is the office's from its entry.
    receiving = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    state = StateField("状态", max_length=12, choices=ApplicationState, default=S.DRAFT)
    # The state in which its filing's end closed it: what a setting aside goes back to.
    closed_from = models.CharField(max_length=12, choices=ApplicationState, blank=True)
    # Handed over the counter (窗口代录): who entered it in the agency's name, and the day it came, which is the receipt
    # day. Both or neither.
    entered_by = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="窗口代录人"
    )
    counter_on = models.DateField("窗口递交日期", null=True, blank=True)
    # How many transitions have run: makes the keys of papers and messages unique per run.
    runs = models.PositiveIntegerField(default=0)

    created_on = models.DateField("创建日期")
    created_at = models.DateTimeField(default=now, editable=False)
    first_submitted_on = models.DateField("首次提交日期", null=True)
    received_on = models.DateField("收到日期", null=True)
    accepted_on = models.DateField("受理日期", null=True)
    deemed_accepted = models.BooleanField("视为受理", default=False)
    decided_on = models.DateField("决定日期", null=True)

    # The agency and the people in charge, for M7 items 1, 3, 5 and 6.
    name = models.CharField("机构名称", max_length=120, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    legal_form = models.CharField("法人类型", max_length=12, choices=LegalForm, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, verbose_name="注册地所在县（市、区）"
    )
    address = models.CharField("注册地址", max_length=200, blank=True)
    registered_on = models.DateField("登记日期", null=True, blank=True)
    legal_representative = models.CharField("法定代表人", max_length=60, blank=True)
    person_in_charge = models.CharField("评价工作负责人", max_length=60, blank=True)
    legal_representative_id = EncryptedTextField("法定代表人身份证号", blank=True)
    contact = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = EncryptedTextField("联系电话", blank=True)
    unit_name = models.CharField("专门机构名称", max_length=120, blank=True)
    accepts_supervision = models.BooleanField("自愿接受人力资源社会保障部门监督", default=False)
    not_for_profit = models.BooleanField("不以评价为营利目的", default=False)
    funding = models.TextField("经费保障说明", blank=True)
    rules_note = models.TextField("管理制度说明", blank=True)
    training_since = models.DateField("开展培训评价自", null=True, blank=True)
    pledge_signed_on = models.DateField("承诺书签署日期", null=True, blank=True)

    history = HistoricalRecords(excluded_fields=["legal_representative_id", "contact_phone"])

    class Meta:
        verbose_name = verbose_name_plural = "备案申请"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind"],
                condition=Q(state__in=["draft", "submitted", "correcting", "accepted", "recommended", "assessing"]),
                name="one_open_application_per_kind",
                violation_error_message="已有一件办理中的同类申请，请先办完或撤回。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn", "closed"])
                | Q(received_on__isnull=False, receiving__isnull=False),
                name="submitted_has_receipt_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "recommended", "assessing", "approved", "refused"])
                | Q(accepted_on__isnull=False),
                name="accepted_has_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="initial") | Q(filing__isnull=False), name="change_or_renewal_has_filing"
            ),
            models.CheckConstraint(
                condition=Q(found_on__isnull=True, found_note="") | (Q(found_on__isnull=False) & ~Q(found_note="")),
                name="found_day_has_evidence",
                violation_error_message="查明的变更之日应有依据。",
            ),
            models.CheckConstraint(
                condition=Q(entered_by__isnull=True, counter_on__isnull=True)
                | Q(entered_by__isnull=False, counter_on__isnull=False, receiving__isnull=False),
                name="counter_entry_has_day_and_office",
                violation_error_message="窗口代录的申请应有代录人、递交日期和受理单位。",
            ),
        ]
        indexes = [
            models.Index(fields=["receiving", "state", "received_on", "id"], name="application_queue"),
            models.Index(fields=["state", "accepted_on", "id"], name="application_centre_queue"),
            models.Index(fields=["agency", "-id"], name="application_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.agency.name} · {self.get_kind_display()}"

    @property
    def assessment_word(self) -> str:
        """What its assessment is called: of a renewal it is the periodic evaluation (M29), else the one of M11."""
        return "定期评估" if self.kind == ApplicationKind.RENEWAL else "技术评估"

    @property
    def assessment_citation(self) -> str:
        """The article on which its assessment rests."""
        return "M29" if self.kind == ApplicationKind.RENEWAL else "M11"

    def get_state_display(self) -> str:
        """The state in words; a renewal is under 定期评估."""
        label = str(ApplicationState(self.state).label)
        return label.replace("技术评估", self.assessment_word) if self.state == S.ASSESSING else label

    @property
    def at_counter(self) -> bool:
        """Whether it was handed over the counter and entered by a handler in the agency's name."""
        return self.entered_by_id is not None

    # The state machine: source, target, permission. Rules and reasons: conditions.py; effects: workflow/.

    @transition(state, source=S.DRAFT, target=S.SUBMITTED, permission=permissions.submit)
    def submit(self) -> None: ...

    @transition(state, source=S.SUBMITTED, target=S.CORRECTING, permission=permissions.receive)
    def request_correction(self) -> None: ...

    @transition(state, source=S.CORRECTING, target=S.SUBMITTED, permission=permissions.submit)
    def resubmit(self) -> None: ...

    @transition(state, source=S.CORRECTING, target=S.CORRECTING, permission=permissions.receive)
    def extend_correction(self) -> None: ...

    @transition(state, source=S.CORRECTING, target=S.ABANDONED, permission=permissions.clock)
    def abandon(self) -> None: ...

    @transition(state, source=S.SUBMITTED, target=S.DECLINED, permission=permissions.receive_chief)
    def decline(self) -> None: ...

    @transition(state, source=S.SUBMITTED, target=S.ACCEPTED, permission=permissions.receive)
    def accept(self) -> None: ...

    @transition(state, source=S.SUBMITTED, target=S.ACCEPTED, permission=permissions.clock)
    def deem_accepted(self) -> None: ...

    @transition(state, source=S.ACCEPTED, target=S.RECOMMENDED, permission=permissions.recommend)
    def recommend(self) -> None: ...

    @transition(state, source=[S.ACCEPTED, S.RECOMMENDED], target=S.ASSESSING, permission=permissions.centre_handler)
    def start_assessment(self) -> None: ...

    # Unchanged states are named one by one: the FSM has no "stays as it is" for several sources at once.
    @transition(state, source=S.ACCEPTED, target=S.ACCEPTED, permission=permissions.recommend)
    @transition(state, source=S.ASSESSING, target=S.ASSESSING, permission=permissions.recommend)
    def give_late_opinion(self) -> None: ...

    @transition(state, source=S.ACCEPTED, target=S.ACCEPTED, permission=permissions.ask_county)
    @transition(state, source=S.ASSESSING, target=S.ASSESSING, permission=permissions.ask_county)
    def request_opinion(self) -> None: ...

    @transition(state, source=S.ACCEPTED, target=S.ACCEPTED, permission=permissions.asked_chief)
    @transition(state, source=S.ASSESSING, target=S.ASSESSING, permission=permissions.asked_chief)
    def give_opinion(self) -> None: ...

    @transition(state, source=S.ASSESSING, target=S.ASSESSING, permission=permissions.agency_of_change)
    def confirm_items(self) -> None: ...

    @transition(state, source=S.ASSESSING, target=S.ASSESSING, permission=permissions.centre_handler)
    def invite_supplements(self) -> None: ...

    @transition(state, source=S.ASSESSING, target=S.ASSESSING, permission=permissions.agency)
    def supply_supplements(self) -> None: ...

    @transition(state, source=S.ASSESSING, target=S.ASSESSING, permission=permissions.centre_handler)
    def request_override(self) -> None: ...

    @transition(state, source=S.ASSESSING, target=S.ASSESSING, permission=permissions.bureau_chief)
    def override_cap(self) -> None: ...

    @transition(state, source=S.ASSESSING, target=S.APPROVED, permission=permissions.centre_chief)
    def approve(self) -> None: ...

    @transition(state, source=S.ASSESSING, target=S.REFUSED, permission=permissions.centre_chief)
    def refuse(self) -> None: ...

    @transition(
        state,
        source=[S.DRAFT, S.SUBMITTED, S.CORRECTING, S.ACCEPTED, S.RECOMMENDED, S.ASSESSING],
        target=S.WITHDRAWN,
        permission=permissions.withdraw,
    )
    def withdraw(self) -> None: ...

    @transition(
        state,
        source=[S.DRAFT, S.SUBMITTED, S.CORRECTING, S.ACCEPTED, S.RECOMMENDED, S.ASSESSING],
        target=S.CLOSED,
        permission=permissions.clock_of_filing,
    )
    def close(self) -> None: ...

    @transition(state, source=S.SUBMITTED, target=S.SUBMITTED, permission=permissions.clock_of_renewal)
    @transition(state, source=S.CORRECTING, target=S.CORRECTING, permission=permissions.clock_of_renewal)
    @transition(state, source=S.ACCEPTED, target=S.ACCEPTED, permission=permissions.clock_of_renewal)
    @transition(state, source=S.ASSESSING, target=S.ASSESSING, permission=permissions.clock_of_renewal)
    def become_initial(self) -> None: ...

    # Undone by review or suit: the state before, decided by the office whose decision it was.
    @transition(state, source=S.DECLINED, target=S.SUBMITTED, permission=permissions.receive_chief)
    @transition(state, source=S.ABANDONED, target=S.CORRECTING, permission=permissions.receive_chief)
    @transition(state, source=[S.REFUSED, S.APPROVED], target=S.ASSESSING, permission=permissions.centre_chief)
    @transition(
        state,
        source=S.CLOSED,
        target=GET_STATE(lambda self: self.closed_from, states=list(CLOSED_FROM)),
        permission=permissions.centre_chief,
    )
    def set_aside(self) -> None: ...

    # Wherever what a ruling took up again has got to: a new approval leaves the filing revoked.
    @transition(state, source=list(REINSTATED_FROM), target=S.APPROVED, permission=permissions.reinstate)
    def reinstate(self) -> None: ...


class Marked(models.Model):
    """What the reviewer looks at and marks: the receiving handler, and in assessment the centre's. `touched`: handed in
    anew at the last resubmission, and so what a second correction notice may name (M10)."""

    remark = models.TextField("意见", blank=True)
    marked_by = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    marked_on = models.DateField(null=True)
    touched = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Material(Marked):
    """One of the six materials (M8): the upload in force, and the reviewer's mark on it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="materials")
    key = models.CharField("材料", max_length=12, choices=[(m.key, m.label) for m in MATERIALS.values()])
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    complete = models.BooleanField("齐全", null=True)
    compliant = models.BooleanField("符合要求", null=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "申请材料"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="one_material_per_key")]

    @property
    def rule(self) -> Any:
        """The regulation's entry: label, hint, formats, citation."""
        return MATERIALS[self.key]

    @property
    def good(self) -> bool:
        """Marked complete and compliant."""
        return bool(self.complete and self.compliant)

    @property
    def bad(self) -> bool:
        """Marked incomplete or not compliant."""
        return self.complete is False or self.compliant is False

    def clear(self) -> None:
        """Not looked at, as it stands now."""
        self.complete = self.compliant = None


class PartMark(Marked):
    """The reviewer's mark on a part of the form. There is none where nobody has said anything of the part."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="part_marks")
    key = models.CharField("申请内容", max_length=12, choices=PART_CHOICES)
    correct = models.BooleanField("无误", null=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "申请内容的审核"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="one_mark_per_part")]

    @property
    def rule(self) -> Part:
        """The part: label, fields, citation."""
        return PARTS[self.key]

    @property
    def good(self) -> bool:
        """Marked as in order."""
        return self.correct is True

    @property
    def bad(self) -> bool:
        """Marked as to be corrected."""
        return self.correct is False

    def clear(self) -> None:
        """Not looked at, as it stands now."""
        self.correct = None


class Site(models.Model):
    """An examination site (考评场地)."""

    OWN_FIELDS: ClassVar[tuple[str, ...]] = (
        "name",
        "area",
        "address",
        "square_metres",
        "places",
        "equipment",
        "surveillance",
        "environment_ok",
        "safety_ok",
        "fire_ok",
        "other_area_reason",
    )

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sites")
    # The site of the filing that a change or renewal means with this one; none: it is new.
    filing_site = models.ForeignKey("filings.FilingSite", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField("场地名称", max_length=80)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, verbose_name="所在县（市、区）")
    address = models.CharField("地址", max_length=200)
    # None in the draft about a filing from paper, which tells neither: to be filled in before it is handed in.
    square_metres = models.PositiveIntegerField("面积（平方米）", null=True, validators=[MinValueValidator(1)])
    places = models.PositiveIntegerField("工位数", null=True, validators=[MinValueValidator(1)])
    equipment = models.TextField("主要设备", blank=True)
    surveillance = models.BooleanField("有视频监控", default=False)
    environment_ok = models.BooleanField("符合环保要求", default=False)
    safety_ok = models.BooleanField("符合安全要求", default=False)
    fire_ok = models.BooleanField("符合消防要求", default=False)
    other_area_reason = models.CharField("不在注册地的理由", max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "考评场地"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class ScopeItem(models.Model):
    """An occupation applied for, with its levels, sites and question bank; at the end what was decided on it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="scope")
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, verbose_name="职业（工种）")
    levels = models.JSONField("等级", default=list, help_text=str(LEVELS))
    sites = models.ManyToManyField(Site, blank=True, related_name="scope", verbose_name="考评场地")
    question_bank = models.CharField("题库来源", max_length=200, blank=True)
    granted = models.BooleanField("同意", null=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "申请职业"
        ordering = ["occupation_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "occupation"],
                name="occupation_once_per_application",
                violation_error_message="这个职业已经在申请里。",
            )
        ]


class LeftOut(models.Model):
    """What an approval in part leaves out of an occupation (M11): a level, a site, or, naming neither, all of it."""

    item = models.ForeignKey(ScopeItem, on_delete=models.PROTECT, related_name="left_out")
    level = models.PositiveSmallIntegerField("等级", choices=LEVELS, null=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="考评场地")
    reason = models.CharField("理由", max_length=300)
    basis = models.CharField("依据", max_length=8)

    class Meta:
        verbose_name = verbose_name_plural = "不予备案的部分"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(level__isnull=True) | Q(site__isnull=True), name="left_out_one_part"),
            models.UniqueConstraint(
                fields=["item", "level"], condition=Q(level__isnull=False), name="level_left_out_once"
            ),
            models.UniqueConstraint(
                fields=["item", "site"], condition=Q(site__isnull=False), name="site_left_out_once"
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(level__isnull=True, site__isnull=True),
                name="occupation_left_out_once",
            ),
        ]

    @property
    def part(self) -> str:
        """The part within its occupation: "三级（高级工）", "考评场地“二分校”"; empty for all of it."""
        return f"考评场地“{self.site.name}”" if self.site else self.get_level_display() or ""

    @property
    def what(self) -> str:
        """The part as papers name it: "焊工（6-18-02-04）三级（高级工）"."""
        return f"{self.item.occupation.name}（{self.item.occupation_id}）{self.part}"


class TrainingRecord(models.Model):
    """Person-times trained and evaluated in one occupation within a span of days, for M7(7)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="records")
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, verbose_name="职业（工种）")
    since = models.DateField("自")
    until = models.DateField("至")
    person_times = models.PositiveIntegerField("人次")
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "培训评价记录"
        ordering = ["occupation_id", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")),
                name="record_dates_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            )
        ]


class StaffMember(models.Model):
    """A person of M7(3); the name is kept encrypted."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="staff")
    kind = models.CharField("类别", max_length=12, choices=StaffKind)
    name = EncryptedTextField("姓名")
    certificate = models.CharField("证卡编号", max_length=60, blank=True)
    occupations = models.ManyToManyField(Occupation, blank=True, verbose_name="适用职业（工种）")

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["kind", "id"]
