"""API tokens: shown once, kept as a hash, expiring, revocable, bound to one position."""

import datetime

from django.db import transaction

from core.accounts import secrets
from core.accounts.actors import Actor
from core.accounts.models import ApiToken
from core.audit import trail
from core.clock.clock import now
from core.reference.settings import value
from core.refusals import NotAllowed, NotPossible, Reason


@transaction.atomic
def create(name: str, *, actor: Actor, on: datetime.date, decides: bool = False) -> tuple[ApiToken, str]:
    """Make a token for the position acted in; return it with its secret, which is kept nowhere.

    decides: whether it may decide, sign and publish, as far as the position may.
    """
    if actor.position is None:
        raise NotAllowed(Reason("not_allowed", "只有在岗用户可以创建接口令牌。"))
    secret, token_hash = secrets.new()
    at = now()
    token = ApiToken.objects.create(
        position=actor.position,
        name=name,
        decides=decides,
        token_hash=token_hash,
        created_at=at,
        expires_at=at + datetime.timedelta(days=value("api_token_days", on)),
    )
    trail.record("api_token.created", actor=actor, on=on, matter=token, payload={"name": name, "decides": decides})
    return token, secret


@transaction.atomic
def revoke(token: ApiToken, *, actor: Actor, on: datetime.date) -> None:
    """End a token at once. Raises NotAllowed for another user's, NotPossible where it was revoked."""
    token = ApiToken.objects.select_for_update().select_related("position").get(pk=token.pk)
    if actor.user is None or token.position.user_id != actor.user.pk:
        raise NotAllowed(Reason("not_allowed", "只能撤销自己的接口令牌。"))
    if token.revoked_at:
        raise NotPossible(Reason("revoked", "这个接口令牌已经撤销。"))
    token.revoked_at = now()
    token.save(update_fields=["revoked_at"])
    trail.record("api_token.revoked", actor=actor, on=on, matter=token, payload={"name": token.name})


def find(secret: str, on: datetime.date) -> ApiToken | None:
    """Return the token of this secret where it is neither revoked nor expired, and note the day of its use."""
    token = (
        ApiToken.objects.select_related(
            "position__user", "position__organisation__area", "position__organisation__parent"
        )
        .filter(token_hash=secrets.hashed(secret), revoked_at__isnull=True, expires_at__gt=now())
        .first()
    )
    if token is not None and token.last_used_on != on:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=on)
    return token
