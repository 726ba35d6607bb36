"""Addresses of the clients app."""

from django.urls import path

from clients.views import attachment, attachment_file
from clients.views.client_list import client_list
from clients.views.fact import fact_correct, fact_new
from clients.views.facts import client_facts, contact_edit, protected_address
from clients.views.organisation import organisation_edit, organisation_list
from clients.views.staff import staff_assign
from clients.views.work_check import (
    work_check_correct,
    work_check_new,
    work_checks,
    work_checks_latest,
    work_checks_xlsx,
)

urlpatterns = [
    path("organisations/", organisation_list, name="organisation_list"),
    path("organisations/new/", organisation_edit, name="organisation_new"),
    path("organisations/<uuid:organisation>/", organisation_edit, name="organisation_edit"),
    path("clients/", client_list, name="client_list"),
    path("clients/<uuid:client>/contact/", contact_edit, name="contact_edit"),
    path("clients/<uuid:client>/facts/", client_facts, name="client_facts"),
    path("clients/<uuid:client>/facts/address/", protected_address, name="protected_address"),
    path("clients/<uuid:client>/facts/<slug:kind>/new/", fact_new, name="fact_new"),
    path("clients/<uuid:client>/facts/<slug:kind>/<uuid:fact>/", fact_correct, name="fact_correct"),
    path("clients/<uuid:client>/papers/", attachment.attachment_list, name="attachment_list"),
    path(
        "enrolments/<uuid:enrolment>/papers/new/", attachment.attachment_new, name="attachment_new"
    ),
    path("papers/<uuid:attachment>/", attachment.attachment_page, name="attachment_page"),
    path("papers/<uuid:attachment>/file/", attachment_file.attachment_file, name="attachment_file"),
    path(
        "papers/<uuid:attachment>/picture/",
        attachment_file.attachment_picture,
        name="attachment_picture",
    ),
    path(
        "papers/<uuid:attachment>/thumbnail/",
        attachment_file.attachment_thumbnail,
        name="attachment_thumbnail",
    ),
    path(
        "papers/<uuid:attachment>/correct/",
        attachment.attachment_correct,
        name="attachment_correct",
    ),
    path(
        "papers/<uuid:attachment>/withdraw/",
        attachment.attachment_withdraw,
        name="attachment_withdraw",
    ),
    path("work-checks/", work_checks_latest, name="work_checks_latest"),
    path("work-checks/<int:year>/", work_checks, name="work_checks"),
    path("work-checks/<int:year>/xlsx/", work_checks_xlsx, name="work_checks_xlsx"),
    path("work-checks/<int:year>/<uuid:client>/", work_check_new, name="work_check_new"),
    path("work-checks/answers/<uuid:check>/", work_check_correct, name="work_check_correct"),
    path("enrolments/<uuid:enrolment>/staff/", staff_assign, name="staff_assign"),
]
