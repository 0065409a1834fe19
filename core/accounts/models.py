"""Organisations, users, and the positions in which a user acts."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from core.clock.clock import real_now
from core.crypto import EncryptedTextField
from core.reference.models import Area


class OrganisationKind(models.TextChoices):
    """The parties of the Measure."""

    AGENCY = "agency", "社评机构"
    COUNTY = "county", "县（市、区）人社局"
    CENTRE = "centre", "市职业技能鉴定指导中心"
    BUREAU = "bureau", "市人力资源和社会保障局"
    EXPERTS = "experts", "评审专家库"
    OPERATOR = "operator", "系统管理"


class Role(models.TextChoices):
    """What a position may do within its organisation."""

    ADMIN = "admin", "机构管理员"
    STAFF = "staff", "机构经办"
    HANDLER = "handler", "经办人"
    CHIEF = "chief", "负责人"
    INSPECTOR = "inspector", "检查人员"
    EXPERT = "expert", "评审专家"
    ADMINISTRATOR = "administrator", "系统管理员"


ROLES_OF_KIND: dict[str, tuple[str, ...]] = {
    OrganisationKind.AGENCY: (Role.ADMIN, Role.STAFF),
    OrganisationKind.COUNTY: (Role.HANDLER, Role.CHIEF, Role.INSPECTOR),
    OrganisationKind.CENTRE: (Role.HANDLER, Role.CHIEF, Role.INSPECTOR),
    OrganisationKind.BUREAU: (Role.HANDLER, Role.CHIEF),
    OrganisationKind.EXPERTS: (Role.EXPERT,),
    OrganisationKind.OPERATOR: (Role.ADMINISTRATOR,),
}


# Whose next higher body is of which kind. The centre guides the county bureaus and is not above them (M4).
HIGHER: dict[str, str] = {
    OrganisationKind.COUNTY: OrganisationKind.BUREAU,
    OrganisationKind.CENTRE: OrganisationKind.BUREAU,
}


class Organisation(models.Model):
    """A party: an agency, a bureau, the centre. `parent` is the next higher body, which steps in on recusal."""

    kind = models.CharField("类别", max_length=10, choices=OrganisationKind)
    name = models.CharField("名称", max_length=120)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, verbose_name="区域")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, verbose_name="上级")
    # An agency's claim on its credit code is confirmed by a county handler before its first submission.
    confirmed_on = models.DateField("核实日期", null=True, blank=True)
    # Where people reach an authority; published (M31). An agency's stands in its filing.
    phone = models.CharField("对外电话", max_length=60, blank=True)
    address = models.CharField("对外地址", max_length=200, blank=True)
    active = models.BooleanField("启用", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=Q(kind="agency", confirmed_on__isnull=False),
                name="one_confirmed_agency_per_credit_code",
                violation_error_message="这个统一社会信用代码已有核实过的机构。",
            ),
            models.CheckConstraint(
                condition=Q(kind="agency", credit_code__gt="") | ~Q(kind="agency"),
                name="agency_has_credit_code",
                violation_error_message="请填写统一社会信用代码。",
            ),
        ]
        indexes = [models.Index(fields=["kind", "name", "id"], name="organisation_list")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in. What the person may do follows from the position acted in, never from the user."""

    display_name = models.CharField("称呼", max_length=40, blank=True)
    phone = EncryptedTextField("手机号", blank=True)
    # The real moment: Django makes a User while checking the models, before there is a table to ask for the offset.
    date_joined = models.DateTimeField("创建时间", default=real_now, editable=False)
    organisations = models.ManyToManyField(Organisation, through="Position", related_name="users")

    class Meta:
        verbose_name = verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.display_name or self.username


class Position(models.Model):
    """A user's dated role in an organisation; one person may hold several, and acts in one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="positions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="positions")
    role = models.CharField("岗位", max_length=14, choices=Role)
    since = models.DateField("自")
    until = models.DateField("至（含）", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(until__isnull=True),
                name="one_open_position",
                violation_error_message="这位用户已在这个岗位上。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="position_dates_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_role_display()} {self.user}"


class Deputy(models.Model):
    """A chief who is away has a dated deputy of the same organisation."""

    chief = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="deputies", verbose_name="负责人岗位")
    deputy = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="deputises", verbose_name="代行岗位")
    since = models.DateField("自")
    until = models.DateField("至（含）")
    reason = models.CharField("原因", max_length=200)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "代行"
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="deputy_dates_in_order"),
            models.CheckConstraint(condition=~Q(chief=F("deputy")), name="deputy_is_another"),
        ]


class Recusal(models.Model):
    """A user keeps out of what concerns an agency, or out of one matter (回避)."""

    class Ground(models.TextChoices):
        EMPLOYER = "employer", "任职单位"
        KINSHIP = "kinship", "亲属关系"
        INTEREST = "interest", "利害关系"
        EARLIER = "earlier", "先前经手"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recusals")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    matter_type = models.CharField(max_length=60, blank=True)
    matter_id = models.CharField(max_length=40, blank=True)
    ground = models.CharField("事由", max_length=10, choices=Ground)
    note = models.CharField("说明", max_length=200, blank=True)
    since = models.DateField("自")
    until = models.DateField("至（含）", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "回避"
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | Q(matter_id__gt=""), name="recusal_names_subject"
            ),
        ]


class Invitation(models.Model):
    """An organisation's admin invites a person into a position; the link holds the token, the row its hash."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField("岗位", max_length=14, choices=Role)
    email = models.EmailField("邮箱", blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField("有效至")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "邀请"


class ServiceConsent(models.Model):
    """An agency's consent to be served in the portal (送达), dated, withdrawable."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consents")
    given_on = models.DateField("同意日期")
    given_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "送达同意"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(withdrawn_on__isnull=True), name="one_consent_in_force"
            )
        ]


class ApiToken(models.Model):
    """A token for the API: shown once, kept as a hash, expiring, bound to one position."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField("名称", max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField("有效至")
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    # Whether it also does what a person is asked for a fresh proof before (core/accounts/step_up.py).
    decides = models.BooleanField("允许办理决定事项", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"


class BrowserSession(AbstractBaseSession):
    """A browser's session, with what its user is shown of it (core/accounts/browser_sessions.py). Whose row is deleted
    is signed out. No address: it is not needed to tell one's own devices apart."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, editable=False, related_name="browser_sessions")
    device = models.CharField(max_length=40, blank=True, editable=False)
    since = models.DateTimeField(null=True, editable=False)
    seen_at = models.DateTimeField(editable=False)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The engine whose rows these are."""
        from core.accounts.session_store import SessionStore

        return SessionStore
