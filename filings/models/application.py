"""The application: the agency's words, its days, and its state machine (M6–M14)."""

from django.db import models
from django.db.models import Q
from django_fsm import GET_STATE, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from core.accounts.models import Organisation, Position
from core.clock.clock import now
from core.crypto import EncryptedTextField
from core.reference.models import Area
from filings import permissions
from filings.enums import CLOSED_FROM, REINSTATED_FROM, ApplicationKind, ApplicationState, LegalForm
from filings.models.state import StateField

S = ApplicationState


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
            models.Index(fields=["decided_on", "receiving"], name="application_decided"),
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
