"""Addresses of the desk."""

from django.urls import path

from teikyaku.desk.views.home import home

urlpatterns = [
    path("", home, name="home"),
]
