"""What the views of filings share: who asks about which application, the transitions open, files as lines."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest

from core.accounts.actors import Actor
from core.accounts.sessions import current_actor, day_of
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.documents import serving
from core.documents.formats import EXTENSIONS
from core.documents.models import Upload
from core.refusals import Refused
from core.workflow import idempotency
from core.workflow.attempts import attempt
from core.workflow.offers import Offer, offers
from core.workflow.spec import TransitionSpec, settles_until, spec_for
from filings import permissions
from filings.forms.officers_work import place
from filings.models import Application, Filing

MATTER = "filings.application"
FILING = "filings.filing"
KEY_LENGTH = 80
Named = TypeVar("Named", Offer, TransitionSpec)


def asking(request: HttpRequest) -> tuple[Actor, datetime.date]:
    """Return who asks and the request's day; for views behind `signed_in`."""
    actor = current_actor(request)
    if actor is None:
        raise Http404
    return actor, day_of(request)


def application_or_404(request: HttpRequest, pk: int) -> Application:
    """Return an application the actor may see; what one may not see does not exist."""
    actor, _ = asking(request)
    found = Application.objects.select_related("agency", "receiving", "area").filter(pk=pk).first()
    if found is None or not permissions.may_view(actor, found):
        raise Http404("没有这件申请。")
    return found


def rule_or_404(name: str) -> TransitionSpec:
    """Return the transition of that name, as people may call it ("request-correction" too)."""
    rule = spec_for(MATTER).transitions.get(name.replace("-", "_"))
    if rule is None or rule.clock:
        raise Http404("没有这个办理事项。")
    return rule


def named(what: Named, application: Application) -> Named:
    """Return a transition or an offer as it is called in this application: a renewal's assessment is 定期评估 (M29)."""
    label = what.label.replace("技术评估", application.assessment_word)
    return what if label == what.label else replace(what, label=label, citation=application.assessment_citation)


def offer_of(matter: Application | Filing, name: str, actor: Actor, on: datetime.date) -> Offer:
    """Return one transition as it stands for the actor."""
    return next(offer for offer in offers(matter, actor, on) if offer.name == name)


def tried(name: str, actor: Actor, matter: Any, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Call a workflow function as the outermost caller; a refusal is recorded and raised again."""
    return attempt(f"{matter._meta.label_lower}.{name}", actor, matter, function, *args, **kwargs)


def once(request: HttpRequest, matter: Any, name: str, sent: dict[str, Any], act: Callable[[], Any]) -> None:
    """Do what a form asks for as the outermost caller, once for the form's key, however often it is sent.

    sent: what it holds, as JSON has it; another content under the same key is refused.
    """
    actor, on = asking(request)
    assert actor.user is not None
    key = request.POST.get("idempotency_key", "")[:KEY_LENGTH]
    # Lapses have to stand even if what follows is refused, so they come before the key's transaction.
    lapses.settle(*matter_key(matter), settles_until(matter, actor=actor, on=on))

    def done() -> tuple[int, Any]:
        act()
        return 303, None

    tried(name, actor, matter, partial(idempotency.once, actor.user, request.path, key, sent, done) if key else done)


def file_facts(upload: Upload) -> str:
    """Return "PDF · 8 页 · 第 2 版"."""
    kind = next((group[0] for media, group in EXTENSIONS.items() if media == upload.media_type), "文件").upper()
    parts = [
        kind,
        f"{upload.pages} 页" if upload.pages else "",
        f"第 {upload.version} 版" if upload.version > 1 else "",
    ]
    return " · ".join(part for part in parts if part)


def saved(request: HttpRequest, form: forms.Form, verb: str, act: Any, done: str, **kwargs: Any) -> bool:
    """Carry out a form sent; tell whether it was done. What stands against it stands at its fields."""
    actor, on = asking(request)
    if not form.is_bound or not form.is_valid():
        return False
    try:
        attempt(verb, actor, None, act, actor=actor, on=on, **(kwargs or form.cleaned_data))
    except Refused as refused:
        place(form, refused)
        return False
    messages.success(request, done)
    return True


@dataclass(frozen=True)
class FileLink:
    """A file as a link: shown beside the work where a browser can show it, else saved."""

    url: str
    label: str
    facts: str
    inline: bool
    current: bool = True


def file_link(upload: Upload, *, current: bool = True) -> FileLink:
    """Return an upload as a link."""
    url, inline = serving.address(upload)
    return FileLink(url, f"第 {upload.version} 版", file_facts(upload), inline, current)
