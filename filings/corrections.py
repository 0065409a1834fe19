"""What a notice may name, what it named, and what of the form the agency may therefore edit (M10, M11)."""

from filings.enums import ApplicationState, Requester
from filings.models import Application, Material, PartMark, Request, RequestItem
from filings.parts import PARTS

# In which state which request waits for the agency.
ASKED_IN = {
    ApplicationState.CORRECTING: Requester.CORRECTION,
    ApplicationState.ASSESSING: Requester.SUPPLEMENT,
}


def unanswered(application: Application, kind: str) -> Request | None:
    """Return the request of that kind that still waits for the agency."""
    return application.requests.filter(kind=kind, answered_on__isnull=True).order_by("-id").first()


def last_answered(application: Application) -> Request | None:
    """Return the request that the agency answered last: what its answers touched is what is marked as touched."""
    return application.requests.filter(answered_on__isnull=False).order_by("-id").first()


def waiting(application: Application) -> Request | None:
    """Return the request that the agency can answer in the application's state now, or None."""
    kind = ASKED_IN.get(ApplicationState(application.state))
    return unanswered(application, kind) if kind else None


def open_items(application: Application) -> dict[str, RequestItem]:
    """Return {part: the item by which it stands open to the agency}; empty in a draft, where everything is open."""
    request = waiting(application)
    return {item.part: item for item in request.items.all() if item.part} if request else {}


def open_parts(application: Application) -> frozenset[str]:
    """Return the parts of the form that the agency may edit now: all in a draft, later what a notice named."""
    if application.state == ApplicationState.DRAFT:
        return frozenset(PARTS)
    return frozenset(open_items(application))


def marks(application: Application) -> list[Material | PartMark]:
    """Return the six materials and the parts that were marked, in the order in which a notice names them."""
    order = list(PARTS)
    return [
        *application.materials.all(),
        *sorted(application.part_marks.all(), key=lambda mark: order.index(mark.key)),
    ]


def nameable_again(application: Application) -> frozenset[str] | None:
    """Return the keys that another correction notice may name; None before the first, which may name anything.

    What the last resubmission touched, and what the last notice named: resubmitting answers every item and clears its
    mark, so whatever of these is marked wrong now is still wrong. An earlier notice's item that was found in order
    since is not among them.
    """
    rounds = application.requests.filter(kind=Requester.CORRECTION, answered_on__isnull=False).order_by("-id")
    last = rounds.prefetch_related("items").first()
    if last is None:
        return None
    return frozenset({item.key for item in last.items.all()} | {m.key for m in marks(application) if m.touched})
