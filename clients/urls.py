"""Addresses of the clients app."""

from django.urls import path

urlpatterns: list = []
