"""The portal's addresses: each app brings its own."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core.web.api import Nowhere

urlpatterns = [
    path("", include("registry.urls")),
    path("", include("registry.open_data.urls")),
    path("", include("desks.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("filings.api.urls")),
    path("api/v1/", include("core.api.urls")),
    path("api/v1/", include("core.workflow.urls")),
    path("api/v1/", include("core.documents.api")),
    path("api/v1/", include("core.notifications.api")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("", include("core.accounts.urls")),
    path("", include("core.calendars.urls")),
    path("", include("core.notifications.urls")),
    path("", include("core.documents.urls")),
    path("", include("filings.urls")),
    # allauth's open sign-up and its page of addresses lead to ours.
    path("accounts/signup/", RedirectView.as_view(pattern_name="accounts:register-agency")),
    path("accounts/email/", RedirectView.as_view(pattern_name="accounts:profile")),
    path("accounts/", include("allauth.urls")),
    path("", include("core.web.urls")),
    path("", include("core.ops.urls")),
    re_path(r"^api/", Nowhere.as_view(), name="api-nowhere"),
]

handler429 = "core.web.views.too_often"
handler500 = "core.web.views.server_error"
