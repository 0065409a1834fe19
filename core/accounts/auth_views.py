"""allauth's sign-in page without its own idea of the site's name, which would hide the portal's in the header."""

from typing import Any

from allauth.account.views import LoginView as AllauthLoginView


class LoginView(AllauthLoginView):
    """Everything else is allauth's."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave `site` to core.web's context processor."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site", None)
        return context
