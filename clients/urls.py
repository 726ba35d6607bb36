"""Addresses of the clients app."""

from django.urls import path

from clients.views.client_list import client_list
from clients.views.fact import fact_correct, fact_new
from clients.views.staff import staff_assign

urlpatterns = [
    path("clients/", client_list, name="client_list"),
    path("clients/<uuid:client>/facts/<slug:kind>/new/", fact_new, name="fact_new"),
    path("clients/<uuid:client>/facts/<slug:kind>/<uuid:fact>/", fact_correct, name="fact_correct"),
    path("enrolments/<uuid:enrolment>/staff/", staff_assign, name="staff_assign"),
]
