"""Who calls the API: a token bound to one position, or a browser session in its chosen position."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from core.accounts import tokens
from core.accounts.actors import actor_for
from core.accounts.mfa import is_set_up
from core.accounts.models import ApiToken, User
from core.accounts.sessions import current_actor, day_of, set_actor

KEYWORD = "Token"


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token …`. A token ends with its position, when it expires, or when it is revoked."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the user and the token, and set `request.actor`; None where another scheme is used."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != KEYWORD.lower():
            return None
        on = day_of(request._request)
        token = tokens.find(secret.strip(), on)
        if token is None:
            raise exceptions.AuthenticationFailed("接口令牌无效、已撤销或已过期：请在“接口令牌”页重新创建。")
        try:
            if not token.position.organisation.active:
                raise ValueError
            actor = actor_for(token.position, on)
        except ValueError:
            raise exceptions.AuthenticationFailed("令牌所属的岗位今天不在任期内。") from None
        # A token made before its holder came to decide (a handler now deputising) is no way round the second factor.
        if not is_set_up(actor):
            raise exceptions.AuthenticationFailed("您现在的岗位须先在门户开启两步验证，才能使用接口令牌。")
        set_actor(request._request, actor)
        return token.position.user, token

    def authenticate_header(self, request: Request) -> str:
        """Answer 401, naming the scheme."""
        return KEYWORD


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with CSRF check, in the position chosen after sign-in."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Return the user and set `request.actor`. Raises PermissionDenied where no position was chosen."""
        found = super().authenticate(request)
        if found is None:
            return None
        actor = current_actor(request._request)
        if actor is None:
            raise exceptions.PermissionDenied("请先选择岗位，再使用接口。")
        set_actor(request._request, actor)
        return found


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI description names the token."""

    target_class = "core.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """An API key in the Authorization header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": (
                "“Token ”后接令牌，在“接口令牌”页创建；令牌只代表一个岗位。"
                "作出决定、签发文书、公布和改动账号的接口，只接受创建时勾选“允许办理决定事项”的令牌，"
                "否则答复 403（token_does_not_decide）。"
            ),
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI description names the session."""

    target_class = "core.accounts.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The session cookie."""
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
