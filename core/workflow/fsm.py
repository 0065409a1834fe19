"""Asking the FSM on behalf of an actor."""

from collections.abc import Callable
from typing import Any, cast

from django_fsm import can_proceed, has_transition_perm

from core.accounts.actors import Actor


def possible(method: Callable[..., Any]) -> bool:
    """Tell whether the transition exists from the matter's state; conditions are asked elsewhere."""
    return bool(can_proceed(method, check_conditions=False))


def may(method: Callable[..., Any], actor: Actor) -> bool:
    """Tell whether this actor may run the transition. The library calls whoever asks a user; ours is an actor."""
    return bool(has_transition_perm(method, cast("Any", actor)))
