"""Addresses of the billing app."""

from django.urls import path

urlpatterns: list = []
