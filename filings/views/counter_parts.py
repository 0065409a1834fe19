"""What pages show of the counter: where a signed paper's scan is taken, and what a handler does in an agency's name."""

from typing import Any

from django.db.models import Max
from django.http import HttpRequest
from django.urls import reverse

from core.accounts.actors import Actor
from core.accounts.sessions import day_of
from core.audit.matters import key as matter_key
from core.clock.words import in_words
from core.documents import formats
from core.documents.models import Upload
from core.workflow.offers import Offer
from filings import corrections, counter, permissions
from filings.enums import ApplicationState, Requester
from filings.forms.counter import DayForm, HandInForm
from filings.models import Application
from filings.views import agency_common as common
from filings.views.common import file_link
from filings.workflow.counter import TOO_LATE


def upload_part(
    request: HttpRequest, application: Application, act: str, error: str = "", day: str = ""
) -> dict[str, Any]:
    """The scan of the paper that an act rests on, with the day it was handed over (the form's is asked elsewhere), as
    components/upload.html takes it. day: as it was sent, where it was refused."""
    paper, waiting = counter.PAPERS[act], counter.waiting(application, act)
    scans = _scans(application).filter(slot=paper.slot)
    last_used = scans.filter(counter_paper__used_on__isnull=False).aggregate(last=Max("version"))["last"] or 0
    rows = scans.filter(version__gt=last_used).order_by("-version") if waiting else []
    versions = [common.shown(upload) for upload in rows]
    if waiting and act != "submit":
        versions[0]["facts"] += f" · {in_words(waiting.handed_on)}递交"
    said = day or (waiting.handed_on if waiting else None)
    form = DayForm(initial={"counter_on": said}, on=day_of(request), auto_id=f"id_{paper.slot}-%s")
    return {
        "day": form["counter_on"] if act != "submit" else None,
        "id": f"id_{paper.slot}",
        "url": reverse("filings:counter-scan", args=[application.pk, act]),
        "label": paper.label,
        "accept": ",".join(f".{name}" for name in formats.SCANS),
        "camera": True,
        "limit_mb": common.material_limit(request),
        "hint": paper.hint,
        "current": versions[0] if versions else None,
        "versions": versions[1:],
        "error": error,
    }


def upload_of(request: HttpRequest, application: Application, actor: Actor, act: str) -> dict[str, Any] | None:
    """The same where the act is done in the agency's name; nothing for the agency itself, or for a draft dropped."""
    dropped = act == "withdraw" and application.first_submitted_on is None
    if dropped or not permissions.on_behalf(actor, application):
        return None
    return upload_part(request, application, act)


def _scans(application: Application) -> Any:
    matter_type, matter_id = matter_key(application)
    return Upload.objects.filter(matter_type=matter_type, matter_id=matter_id, slot__startswith="counter_")


def handing_in(request: HttpRequest, application: Application) -> dict[str, Any]:
    """What the wizard's last step holds besides for an entry at the counter: the signed form, and the day."""
    actor = common.actor_of(request)
    form = HandInForm(application=application, actor=actor, on=actor.on)
    return {"counter_upload": upload_part(request, application, "submit"), "hand_in": form}


def card(application: Application, offered: list[Offer], actor: Actor) -> dict[str, Any] | None:
    """What an officer's page says of an application that came over the counter: who entered it when, what was scanned,
    and, for its handler, what can be done in the agency's name now."""
    if not application.at_counter:
        return None
    rows = _scans(application).select_related("counter_paper").order_by("at")
    works = permissions.is_counter_handler.test(actor, application)
    return {
        "by": application.entered_by,
        "scans": [
            {
                "label": counter.label_of(row.slot),
                "file": file_link(row),
                "handed_on": row.counter_paper.handed_on if hasattr(row, "counter_paper") else None,
            }
            for row in rows
        ],
        "ways": _ways(application, offered) if works else [],
        "too_late": TOO_LATE if works and application.state == ApplicationState.ABANDONED else None,
    }


def _ways(application: Application, offered: list[Offer]) -> list[dict[str, str]]:
    """Pages on which the handler goes on: the draft, the answers, and the transitions that have a form."""
    found = []
    if application.state == ApplicationState.DRAFT:
        found.append({"label": "继续录入", "url": reverse("filings:agency-draft", args=[application.pk])})
    if asked := corrections.waiting(application):
        word = "补正" if asked.kind == Requester.CORRECTION else "补充材料"
        found.append({"label": f"代录{word}", "url": reverse("filings:agency-answers", args=[application.pk])})
    forms = {"confirm_items": "代录确认", "withdraw": "代录撤回"}
    if application.state == ApplicationState.DRAFT:
        forms["withdraw"] = "取消代录"
    for offer in offered:
        # What lacks its paper alone is where the paper is taken; a lapse on its way is said there.
        if (
            offer.name in forms
            and offer.concerns
            and {one.code for one in offer.reasons} <= {counter.MISSING, "lapsed"}
        ):
            url = reverse("filings:transition", args=[application.pk, offer.name])
            found.append({"label": forms[offer.name], "url": url})
    return found
