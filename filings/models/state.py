"""The field that holds a matter's state."""

import threading
from typing import Any

from django_fsm import FSMField


class StateField(FSMField):
    """A protected FSM field that migrations see as a plain CharField, so that they know nothing of the library.

    The library lifts the protection while it reads a row anew, and does so on the field that all rows share. Here it is
    lifted in that thread alone: otherwise two requests of one process that read at once stood in each other's way.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._lifted = threading.local()
        kwargs.setdefault("protected", True)
        super().__init__(*args, **kwargs)

    @property
    def protected(self) -> bool:
        """Whether only transitions may set it, in this thread."""
        return not getattr(self._lifted, "now", False)

    @protected.setter
    def protected(self, value: bool) -> None:
        self._lifted.now = not value

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("protected", None)
        return name, "django.db.models.CharField", args, kwargs
