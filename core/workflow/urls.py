"""Addresses of proposals in the API."""

from django.urls import path

from core.workflow import api

urlpatterns = [
    path("proposals/<int:pk>/", api.ProposalView.as_view(), name="proposal"),
    path("proposals/<int:pk>/decide/", api.DecideView.as_view(), name="proposal-decide"),
    path("proposals/<int:pk>/return/", api.ReturnView.as_view(), name="proposal-return"),
    path("proposals/<int:pk>/take-back/", api.TakeBackView.as_view(), name="proposal-take-back"),
]
