"""Recording refused attempts: after the rollback, in a transaction of their own."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from core.accounts.actors import Actor
from core.audit import trail
from core.audit.models import Outcome
from core.refusals import Refused

P = ParamSpec("P")
R = TypeVar("R")


def attempt(verb: str, actor: Actor, matter: Any, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call `function` as the outermost caller (a page, an API route, a job); record a refusal and raise it again."""
    try:
        return function(*args, **kwargs)
    except Refused as refusal:
        trail.record(
            verb,
            actor=actor,
            on=actor.on,
            matter=matter,
            outcome=Outcome.REFUSED,
            payload={"reasons": [{"code": r.code, "text": r.text} for r in refusal.reasons]},
        )
        raise
