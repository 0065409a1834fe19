"""The filing (备案): what an approval creates, its scope and sites, its receipts."""

import datetime
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django_fsm import GET_STATE, FSMModelMixin, transition

from core.accounts.models import Organisation
from core.deadlines.models import Clock, ClockState
from core.documents.models import OfficialDocument, Service
from core.reference.models import Area, Occupation
from filings import permissions
from filings.enums import UNDECIDED_STATES, ApplicationKind, ApplicationState, FilingState
from filings.models.application import Application
from filings.models.state import StateField

REVOCABLE = [FilingState.ACTIVE, FilingState.EXPIRED, FilingState.TERMINATED, FilingState.DEREGISTERED]
# What ends a renewal in writing does so when it is served: the state, and the series of its paper.
ENDS_ON_SERVICE = {ApplicationState.REFUSED: "refusal", ApplicationState.DECLINED: "decline"}


def renewals_holding(on: datetime.date) -> QuerySet[Application]:
    """Return the timely renewals that hold their filing open on a day (M14): undecided, their correction not run out by
    then, swept or not (M10); or refused or declined by a paper that has not been served."""
    mine = {"matter_type": "filings.application", "matter_id": Cast(OuterRef("pk"), models.CharField())}
    run_out = Clock.objects.filter(
        **mine, kind="correction", state=ClockState.RUNNING, provisional=False, due_on__lt=on
    )
    served = Service.objects.filter(
        **{f"document__{name}": value for name, value in mine.items()},
        document__series__in=ENDS_ON_SERVICE.values(),
        document__on__gte=OuterRef("decided_on"),  # one set aside before is another decision's
        took_effect=True,
    )
    return Application.objects.filter(
        Q(state__in=UNDECIDED_STATES) & ~Exists(run_out) | Q(state__in=ENDS_ON_SERVICE) & ~Exists(served),
        kind=ApplicationKind.RENEWAL,
        late=False,
        # Asked for in the term that ends now: one of an earlier term has nothing left to hold.
        first_submitted_on__gte=F("filing__term_from"),
    )


def in_force(on: datetime.date, filing: str = "") -> Q:
    """Filings in force on a day, by their dates: nothing waits for a job. filing: where they stand, "filing__".

    One that expired was in force through its last day; one that a decision ended, until the day before.
    """

    def where(**fields: object) -> Q:
        return Q(**{f"{filing}{name}": value for name, value in fields.items()})

    held = where(held_open=True) & Exists(renewals_holding(on).filter(filing=OuterRef(f"{filing}pk")))
    lasting = where(state=FilingState.ACTIVE) & (where(valid_until__gte=on) | held)
    # What ended before costs nothing: this alone is looked up by the index of ends.
    not_over = where(ended_on__isnull=True) | where(ended_on__gte=on)
    expired_later = where(state=FilingState.EXPIRED, ended_on__gte=on)
    return not_over & where(valid_from__lte=on) & (lasting | expired_later | where(ended_on__gt=on))


def standing(on: datetime.date, row: str = "") -> Q:
    """Entries of a filing (occupations, sites) that stand on a day: `until` is the first day they no longer do."""
    since, until = f"{row}since__lte", f"{row}until"
    return Q(**{since: on}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": on}))


class Filing(FSMModelMixin, models.Model):
    """An agency's filing. Validity is answered from dates (`in_force`); the stored state says how it ended.

    held_open: a timely renewal is undecided, so the filing holds past its last day until that renewal ends (M14).
    """

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="filings")
    # The grant it stands on; none for one that was filed on paper before the portal, or whose grant was set aside (the
    # row of the setting aside names both).
    application = models.OneToOneField(Application, on_delete=models.PROTECT, null=True, related_name="granted_filing")
    code = models.CharField("备案编码", max_length=13, unique=True)
    name = models.CharField("机构名称", max_length=120)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, verbose_name="所在县（市、区）")
    address = models.CharField("地址", max_length=200)
    legal_representative = models.CharField("法定代表人", max_length=60, blank=True)
    person_in_charge = models.CharField("评价工作负责人", max_length=60, blank=True)
    valid_from = models.DateField("有效期自")
    valid_until = models.DateField("有效期至")
    # The first day of the term that ends on valid_until: a renewal granted ahead begins only later (M14).
    term_from = models.DateField("本期自")
    held_open = models.BooleanField("延续办理中", default=False)
    state = StateField("状态", max_length=12, choices=FilingState, default=FilingState.ACTIVE)
    runs = models.PositiveIntegerField(default=0)
    # How often its public record has been published.
    published = models.PositiveIntegerField(default=0)
    ended_on = models.DateField("终止日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "备案"
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state="active"),
                name="one_active_filing_per_agency",
                violation_error_message="这家机构已有有效备案。",
            ),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="filing_dates_in_order"),
            models.CheckConstraint(
                condition=Q(state="active", ended_on__isnull=True) | (~Q(state="active") & Q(ended_on__isnull=False)),
                name="ended_filing_has_day",
            ),
            models.CheckConstraint(condition=Q(state="active") | Q(held_open=False), name="only_active_held_open"),
        ]
        indexes = [
            models.Index(fields=["state", "valid_until"], name="filing_expiry"),
            models.Index(fields=["ended_on"], name="filing_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    def in_force(self, on: datetime.date) -> bool:
        """Whether it is in force on a day, as the query `in_force` has it."""
        if self.ended_on is None:
            lasting = self.state == FilingState.ACTIVE and (on <= self.valid_until or self.held(on))
        else:
            lasting = on < self.ended_on or (self.state == FilingState.EXPIRED and on == self.ended_on)
        return self.valid_from <= on and lasting

    def scope_on(self, on: datetime.date) -> "models.QuerySet[FilingScope]":
        """Its occupations that stand on a day, each with those of its sites that do."""
        sites = models.Prefetch("sites", FilingSite.objects.filter(standing(on)))
        return self.scope.filter(standing(on)).prefetch_related(sites)

    def entries_on(self, on: datetime.date) -> "Entries":
        """Its occupations, each with those of its sites that stand, and its sites on a day, with what they name: as
        they are now; `unchanging`, as they were first read."""
        read: dict[datetime.date, Entries] | None = getattr(self, "_read", None)
        if read is None:
            return _entries([self], on)[self.pk]
        if on not in read:
            read[on] = _entries([self], on)[self.pk]
        return read[on]

    def areas(self, on: datetime.date) -> set[str]:
        """Return the codes of the areas in which it stands on a day: of its seat and of its sites."""
        return {self.area_id, *self.sites.filter(standing(on)).values_list("area_id", flat=True)}

    def held(self, on: datetime.date) -> bool:
        """Whether a timely renewal holds it open on a day."""
        return self.held_open and renewals_holding(on).filter(filing=self).exists()

    @transition(state, source=FilingState.ACTIVE, target=FilingState.ACTIVE, permission=permissions.clock)
    def hold(self) -> None: ...

    def suspended(self, on: datetime.date) -> bool:
        """Whether a suspension holds on a day, as the query `suspended` has it; whether in force or not."""
        return any(one.holds(on) for one in self.suspensions.all())

    @transition(state, source=FilingState.ACTIVE, target=FilingState.EXPIRED, permission=permissions.clock)
    def expire(self) -> None: ...

    @transition(state, source=FilingState.ACTIVE, target=FilingState.DEREGISTERED, permission=permissions.centre_chief)
    def deregister(self) -> None: ...
    @transition(state, source=REVOCABLE, target=FilingState.REVOKED, permission=permissions.clock)
    def revoke(self) -> None: ...

    # In force again, or, where its end has passed meanwhile, expired as of that end.
    @transition(
        state,
        source=[FilingState.EXPIRED, FilingState.TERMINATED, FilingState.DEREGISTERED, FilingState.REVOKED],
        target=GET_STATE(
            lambda self: FilingState.EXPIRED if self.ended_on else FilingState.ACTIVE,
            states=[FilingState.ACTIVE, FilingState.EXPIRED],
        ),
        permission=permissions.clock,
    )
    def restore(self) -> None: ...


class FilingScope(models.Model):
    """An occupation of a filing: levels, and the sites where it is evaluated. until: the first day it no longer is."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="scope")
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT)
    levels = models.JSONField("等级")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "备案职业"
        ordering = ["occupation_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "occupation"], condition=Q(until__isnull=True), name="occupation_once_per_filing"
            )
        ]


class FilingSite(models.Model):
    """A site of a filing."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField("场地名称", max_length=80)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    address = models.CharField("地址", max_length=200)
    scope = models.ManyToManyField(FilingScope, related_name="sites")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "备案场地"
        ordering = ["id"]


# The occupations and the sites of a filing that stand on some day.
Entries = tuple[list[FilingScope], list[FilingSite]]


def _entries(filings: Collection[Filing], on: datetime.date) -> dict[int, Entries]:
    found: dict[int, Entries] = {filing.pk: ([], []) for filing in filings}
    sites = FilingSite.objects.filter(standing(on), filing__in=found)
    rows = FilingScope.objects.filter(standing(on), filing__in=found).select_related("occupation")
    for row in rows.prefetch_related(models.Prefetch("sites", sites)):
        found[row.filing_id][0].append(row)
    for site in sites.select_related("area"):
        found[site.filing_id][1].append(site)
    return found


@contextmanager
def unchanging(filings: Collection[Filing], *days: datetime.date) -> Iterator[None]:
    """Within it nothing changes what these filings hold: `entries_on` reads a day once. days: read ahead, in the same
    few queries for any number of filings."""
    found = {on: _entries(filings, on) for on in days}
    for filing in filings:
        filing._read = {on: entries[filing.pk] for on, entries in found.items()}  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for filing in filings:
            del filing._read  # type: ignore[attr-defined]


class Receipt(models.Model):
    """A receipt (备案回执, M12) of a filing; a later one supersedes it."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="receipts")
    document = models.OneToOneField(OfficialDocument, on_delete=models.PROTECT, related_name="receipt")
    valid_from = models.DateField()
    valid_until = models.DateField()
    superseded_on = models.DateField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "备案回执"
        ordering = ["id"]
