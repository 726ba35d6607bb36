"""Addresses of the accounts app."""

from django.urls import path

from teikyaku.accounts.views import (
    account,
    memberships,
    people,
    permission_report,
    places,
    qualification,
    second_factor,
    staff_list,
)  # fmt: skip
from teikyaku.accounts.views.first_steps import first_steps_hide, first_steps_show
from teikyaku.accounts.views.saved_view import (
    saved_view_delete,
    saved_view_new,
    saved_view_rename,
)
from teikyaku.accounts.views.switch import switch_membership

urlpatterns = [
    path("accounts/steps/hide/", first_steps_hide, name="first_steps_hide"),
    path("accounts/steps/show/", first_steps_show, name="first_steps_show"),
    path("accounts/switch/", switch_membership, name="switch_membership"),
    path("accounts/invitation/<uuid:user>/<str:token>/", account.invitation, name="invitation"),
    # The address is the identity by which the administrator invited: not one's own to change.
    path("accounts/email/", account.own_address, name="account_email"),
    path("me/views/<str:page>/new/", saved_view_new, name="saved_view_new"),
    path("me/views/<uuid:view>/name/", saved_view_rename, name="saved_view_rename"),
    path("me/views/<uuid:view>/delete/", saved_view_delete, name="saved_view_delete"),
    path("qualifications/", qualification.qualifications, name="qualifications"),
    path(
        "qualifications/<uuid:membership>/new/",
        qualification.qualification_new,
        name="qualification_new",
    ),
    path(
        "qualifications/record/<uuid:qualification>/",
        qualification.qualification_correct,
        name="qualification_correct",
    ),
    path("start/staff/", staff_list.staff_list, name="staff_list"),
    path("start/staff/template.xlsx", staff_list.staff_list_file, name="staff_list_file"),
    path("start/staff/undo/", staff_list.staff_list_undo, name="staff_list_undo"),
    path("me/", account.my_account, name="my_account"),
    path("me/kana/", account.own_kana, name="own_kana"),
    path("roles/", account.role_table, name="role_table"),
    path("permissions/", permission_report.permissions, name="permissions"),
    path("permissions/xlsx/", permission_report.permissions_xlsx, name="permissions_xlsx"),
    path("audit/", account.audit_log, name="audit_log"),
    path("manage/people/", people.people, name="people"),
    path("manage/people/invite/", people.invite, name="invite"),
    path("manage/people/<uuid:user>/", people.user_edit, name="user_edit"),
    path("manage/people/<uuid:user>/reset/", second_factor.reset_request, name="reset_request"),
    path(
        "manage/memberships/<uuid:membership>/invitation/",
        people.invitation_resend,
        name="invitation_resend",
    ),
    path(
        "manage/memberships/<uuid:membership>/end/",
        memberships.membership_end,
        name="membership_end",
    ),
    path("manage/resets/<uuid:reset>/confirm/", second_factor.reset_confirm, name="reset_confirm"),
    path(
        "manage/resets/<uuid:reset>/withdraw/", second_factor.reset_withdraw, name="reset_withdraw"
    ),
    path("manage/offices/", places.offices, name="offices"),
    path("manage/offices/new/", places.office_edit, name="office_new"),
    path("manage/offices/<uuid:office>/", places.office_edit, name="office_edit"),
    path(
        "manage/offices/<uuid:office>/permissions/",
        permission_report.office_permissions,
        name="office_permissions",
    ),
    path(
        "manage/offices/<uuid:office>/permissions/xlsx/",
        permission_report.office_permissions_xlsx,
        name="office_permissions_xlsx",
    ),
    path("manage/offices/<uuid:office>/terms/", places.terms_new, name="terms_new"),
    path("manage/terms/<uuid:terms>/", places.terms_correct, name="terms_correct"),
    path("manage/municipalities/", places.municipalities, name="municipalities"),
    path("places/new/", places.municipality_propose, name="municipality_propose"),
    path("manage/municipalities/new/", places.municipality_edit, name="municipality_new"),
    path(
        "manage/municipalities/<uuid:municipality>/",
        places.municipality_edit,
        name="municipality_edit",
    ),
]
