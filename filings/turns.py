"""Whose turn an application is, and since when: one rule, reckoned by the database for list, filter, export and API."""

from typing import Any

from django.db.models import Case, CharField, DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest

from core.accounts.models import OrganisationKind
from core.audit.models import Event
from core.deadlines.models import Clock, ClockState
from filings.enums import ApplicationKind, ApplicationState, OpinionKind, Requester, Turn
from filings.models import Application, Assessment, CapOverride, Opinion, Request

MATTER = "filings.application"
S = ApplicationState

_TEXT_KEY = Cast(OuterRef("pk"), CharField())


def _requests(kind: str, **more: Any) -> QuerySet[Request]:
    return Request.objects.filter(application=OuterRef("pk"), kind=kind, **more)


def _latest(rows: QuerySet[Any], day: str) -> Subquery:
    """The latest of these days; none where there is no row."""
    newest = rows.order_by().values("application").annotate(newest=Max(day)).values("newest")
    return Subquery(newest, output_field=DateField())


_WAITS = {"served_on__isnull": False, "answered_on__isnull": True}
_correction = _requests(Requester.CORRECTION, **_WAITS)
_supplement = _requests(Requester.SUPPLEMENT, **_WAITS)
_override = CapOverride.objects.filter(application=OuterRef("pk"), granted__isnull=True)
_opinion = Opinion.objects.filter(application=OuterRef("pk"))
_opinion_asked = Event.objects.filter(
    matter_type=MATTER, matter_id=_TEXT_KEY, verb=f"{MATTER}.request_opinion", outcome="done"
)
_recommending = Clock.objects.filter(matter_type=MATTER, matter_id=_TEXT_KEY, kind="county_recommendation")
_started = Subquery(Assessment.objects.filter(application=OuterRef("pk")).values("started_on"))
_answered = _latest(_requests(Requester.SUPPLEMENT), "answered_on")
_override_answered = _latest(CapOverride.objects.filter(application=OuterRef("pk")), "decided_on")
_WITH_A_COUNTY = Q(receiving__kind=OrganisationKind.COUNTY)

# The first that fits holds: whose turn, when, and since which day.
_RULES: tuple[tuple[Turn, Q, Any], ...] = (
    (Turn.AGENCY, Q(state=S.DRAFT), F("created_on")),
    (Turn.AGENCY, Q(state=S.CORRECTING), _latest(_correction, "served_on")),
    # The decision clock runs on meanwhile, and the centre need not wait (M11).
    (Turn.AGENCY, Q(state=S.ASSESSING) & Q(Exists(_supplement)), _latest(_supplement, "served_on")),
    (Turn.BUREAU, Q(state=S.ASSESSING) & Q(Exists(_override)), _latest(_override, "asked_on")),
    (
        Turn.COUNTY,
        Q(state__in=[S.ACCEPTED, S.ASSESSING], opinion_from__isnull=False)
        & ~Q(Exists(_opinion.filter(kind=OpinionKind.ASKED))),
        Subquery(_opinion_asked.order_by("-id").values("on")[:1]),
    ),
    (Turn.COUNTY, Q(state=S.SUBMITTED) & _WITH_A_COUNTY, F("received_on")),
    (Turn.CENTRE, Q(state=S.SUBMITTED), F("received_on")),
    (
        Turn.COUNTY,
        Q(state=S.ACCEPTED, kind=ApplicationKind.INITIAL)
        & _WITH_A_COUNTY
        & Q(Exists(_recommending.filter(state=ClockState.RUNNING))),
        F("accepted_on"),
    ),
    (
        Turn.CENTRE,
        Q(state=S.ACCEPTED),
        Coalesce(
            Subquery(_recommending.filter(state=ClockState.LAPSED).order_by("-id").values("ended_on")[:1]),
            F("accepted_on"),
        ),
    ),
    (
        Turn.CENTRE,
        Q(state=S.RECOMMENDED),
        _latest(_opinion.filter(kind=OpinionKind.RECOMMENDATION), "given_on"),
    ),
    (
        Turn.CENTRE,
        Q(state=S.ASSESSING),
        Greatest(_started, Coalesce(_answered, _started), Coalesce(_override_answered, _started)),
    ),
)


def turn() -> Case:
    """Return whose turn it is (`Turn`); an empty text once it is decided or over."""
    return Case(
        *(When(fits, then=Value(str(whose))) for whose, fits, _ in _RULES),
        default=Value(""),
        output_field=CharField(),
    )


def since() -> Case:
    """Return the day since which it is that side's turn."""
    return Case(*(When(fits, then=day) for _, fits, day in _RULES), default=Value(None), output_field=DateField())


def with_turns(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Return the applications with `turn` and `waits_since`."""
    return rows.annotate(turn=turn(), waits_since=since())
