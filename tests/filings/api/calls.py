"""Calling the API in a role, by token, as a program does."""

from typing import Any

from rest_framework.test import APIClient

from core.accounts import tokens
from core.accounts.actors import Actor
from core.clock.clock import today
from tests.world import World, file

BASE = "/api/v1/"


class Caller(APIClient):
    """A client with the token of one role; `call` asserts the status and returns what came."""

    def __init__(self, actor: Actor) -> None:
        super().__init__()
        _, secret = tokens.create("tests", actor=actor, on=actor.on, decides=True)
        self.credentials(HTTP_AUTHORIZATION=f"Token {secret}")

    def call(
        self, method: str, path: str, body: Any = None, *, status: int = 200, key: str = "", form: str = "json"
    ) -> Any:
        """Send a request below /api/v1/ and return its JSON."""
        headers = {"Idempotency-Key": key} if key else {}
        send = getattr(self, method.lower())
        more = {} if method == "GET" else {"format": form}
        response = send(path if path.startswith("/") else BASE + path, body, headers=headers, **more)
        assert response.status_code == status, response.content.decode()
        return response.json() if response.content else None

    def upload(self, path: str, field: str = "file", *, status: int = 200, key: str = "", **more: Any) -> Any:
        """Send a small real PDF, with further fields."""
        return self.call("PUT", path, {field: file(), **more}, status=status, key=key, form="multipart")


def caller(world: World, name: str) -> Caller:
    """Return a caller in the role of that name, on the portal's day."""
    return Caller(world.actor(name, today()))
