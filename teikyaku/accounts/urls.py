"""Addresses of the accounts app."""

from django.urls import path

from teikyaku.accounts.views.switch import switch_membership

urlpatterns = [
    path("switch/", switch_membership, name="switch_membership"),
]
