"""Addresses of what lies below core.workflow, below /api/v1/."""

from django.urls import path

from core.api import administration, calendars, duties, people, registration, settings

urlpatterns = [
    path("public/registrations/", registration.Registration.as_view(), name="api-register"),
    path("public/areas/", registration.PublicAreas.as_view(), name="api-areas"),
    path("organisations/", administration.Organisations.as_view()),
    path("organisations/<int:pk>/", administration.OrganisationDetail.as_view()),
    path("organisations/<int:pk>/people/", people.People.as_view()),
    path("organisations/<int:pk>/invitations/", people.Invitations.as_view()),
    path("invitations/<int:pk>/withdraw/", people.WithdrawInvitation.as_view()),
    path("positions/<int:pk>/end/", people.EndPosition.as_view()),
    path("users/", administration.Users.as_view()),
    path("users/<int:pk>/block/", administration.BlockUser.as_view()),
    path("users/<int:pk>/unblock/", administration.UnblockUser.as_view()),
    path("users/<int:pk>/positions/", administration.GivePosition.as_view()),
    path("service-consent/", people.Consent.as_view()),
    path("service-consent/give/", people.GiveConsent.as_view()),
    path("service-consent/withdraw/", people.WithdrawConsent.as_view()),
    path("deputies/", duties.Deputies.as_view()),
    path("deputies/<int:pk>/end/", duties.EndDeputy.as_view()),
    path("recusals/", duties.Recusals.as_view()),
    path("recusals/agencies/", duties.RecusalAgencies.as_view()),
    path("recusals/<int:pk>/end/", duties.EndRecusal.as_view()),
    path("calendar/", calendars.Years.as_view()),
    path("calendar/<int:year>/", calendars.Year.as_view()),
    path("calendar/<int:year>/load/", calendars.Load.as_view()),
    path("calendar/<int:year>/load/preview/", calendars.PreviewLoad.as_view()),
    path("calendar/<int:year>/confirm/", calendars.Confirm.as_view()),
    path("calendar/<int:year>/confirm/preview/", calendars.PreviewConfirm.as_view()),
    path("calendar/override/", calendars.Override.as_view()),
    path("calendar/override/preview/", calendars.PreviewOverride.as_view()),
    path("settings/", settings.Settings.as_view()),
    path("settings/<slug:key>/", settings.SetFigure.as_view()),
]
