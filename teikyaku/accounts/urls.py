"""Addresses of the accounts app."""

from django.urls import path

from teikyaku.accounts.views import account, people, places
from teikyaku.accounts.views.switch import switch_membership

urlpatterns = [
    path("accounts/switch/", switch_membership, name="switch_membership"),
    path("accounts/invitation/<uuid:user>/<str:token>/", account.invitation, name="invitation"),
    path("me/", account.my_account, name="my_account"),
    path("roles/", account.role_table, name="role_table"),
    path("audit/", account.audit_log, name="audit_log"),
    path("manage/people/", people.people, name="people"),
    path("manage/people/invite/", people.invite, name="invite"),
    path(
        "manage/memberships/<uuid:membership>/roles/",
        people.membership_roles,
        name="membership_roles",
    ),
    path("manage/memberships/<uuid:membership>/end/", people.membership_end, name="membership_end"),
    path("manage/people/<uuid:user>/reset/", people.reset_request, name="reset_request"),
    path("manage/resets/<uuid:reset>/confirm/", people.reset_confirm, name="reset_confirm"),
    path("manage/offices/", places.offices, name="offices"),
    path("manage/offices/new/", places.office_edit, name="office_new"),
    path("manage/offices/<uuid:office>/", places.office_edit, name="office_edit"),
    path("manage/offices/<uuid:office>/terms/", places.terms_new, name="terms_new"),
    path("manage/figures/", places.figure_list, name="figures"),
    path("manage/figures/<str:key>/", places.figure_correct, name="figure_correct"),
]
