"""Addresses of the plans app."""

from django.urls import path

urlpatterns: list = []
