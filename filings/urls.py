"""Addresses of chapter 2."""

from django.urls import URLPattern

app_name = "filings"

urlpatterns: list[URLPattern] = []
