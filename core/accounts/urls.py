"""Addresses of the account pages."""

from django.urls import path

from core.accounts import admin_views, views

app_name = "accounts"
urlpatterns = [
    path("register/", views.register, name="register-agency"),
    path("invitations/<str:secret>/", views.accept_invitation, name="accept-invitation"),
    path("demo/sign-in/<str:username>/", views.demo_sign_in, name="demo-sign-in"),
    path("positions/", views.choose, name="choose-position"),
    path("positions/switch/", views.switch, name="switch-position"),
    path("desk/account/", views.profile, name="profile"),
    path("desk/account/devices/", views.devices, name="devices"),
    path("desk/account/tokens/", views.api_tokens, name="tokens"),
    path("desk/account/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke-token"),
    path("desk/staff/", views.staff, name="staff"),
    path("desk/staff/positions/<int:pk>/end/", views.end_position, name="end-position"),
    path("desk/staff/invitations/<int:pk>/withdraw/", views.withdraw_invitation, name="withdraw-invitation"),
    path("desk/service-consent/", views.consent, name="consent"),
    path("desk/deputies/", views.deputies, name="deputies"),
    path("desk/deputies/<int:pk>/end/", views.end_deputy, name="end-deputy"),
    path("desk/recusals/", views.recusals, name="recusals"),
    path("desk/recusals/<int:pk>/end/", views.end_recusal, name="end-recusal"),
    path("admin-desk/organisations/", admin_views.organisations, name="organisations"),
    path("admin-desk/organisations/new/", admin_views.edit_organisation, name="new-organisation"),
    path("admin-desk/organisations/<int:pk>/", admin_views.edit_organisation, name="edit-organisation"),
    path("admin-desk/organisations/<int:pk>/staff/", views.staff, name="organisation-staff"),
    path("admin-desk/organisations/<int:pk>/positions/", admin_views.give_position, name="give-position"),
    path("admin-desk/users/", admin_views.users, name="users"),
    path("admin-desk/users/<int:pk>/", admin_views.act_on_user, name="act-on-user"),
]
