"""Addresses of the desk."""

from django.urls import path

from teikyaku.desk.views.caseload import caseload
from teikyaku.desk.views.client_page import client_history, client_page
from teikyaku.desk.views.components import components
from teikyaku.desk.views.expiry import expiry
from teikyaku.desk.views.home import billing_home, home
from teikyaku.desk.views.waiting import waiting

urlpatterns = [
    path("", home, name="home"),
    path("clients/<uuid:client>/", client_page, name="client_page"),
    path("clients/<uuid:client>/history/", client_history, name="client_history"),
    path("billing/", billing_home, name="billing_home"),
    path("caseload/", caseload, name="caseload"),
    path("waiting/", waiting, name="waiting"),
    path("expiry/", expiry, name="expiry"),
    path("components/", components, name="components"),
]
