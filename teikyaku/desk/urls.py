"""Addresses of the desk."""

from django.urls import path

from billing.queries.closed_months import closed_for
from clients.views.other_support import (
    other_support_correct,
    other_support_months,
    other_support_new,
    other_support_step,
    other_support_withdraw,
)
from plans.views.interview_change import interview_correct, interview_withdraw
from plans.views.life_correction import employment_correct, leave_correct, prior_service_correct
from teikyaku.desk.guide.views import guide, guide_cost, guide_use
from teikyaku.desk.views import figures, memberships, takeout
from teikyaku.desk.views.address_labels import address_labels, address_labels_pdf
from teikyaku.desk.views.as_of import as_of
from teikyaku.desk.views.binder import binder, binder_pdf, month_binder, month_binder_pdf
from teikyaku.desk.views.calendar_feed import calendar_feed
from teikyaku.desk.views.case_move import (
    case_move,
    case_move_page,
    case_move_read,
    case_move_undo,
    case_moves,
)
from teikyaku.desk.views.caseload import caseload
from teikyaku.desk.views.client_page import (
    client_history,
    client_look_back,
    client_months,
    client_page,
)
from teikyaku.desk.views.components import components
from teikyaku.desk.views.expiry import (
    expiry,
    expiry_settle,
    expiry_settled,
    expiry_undo,
    expiry_xlsx,
)
from teikyaku.desk.views.home import after_close, billing_home, home
from teikyaku.desk.views.inconsistencies import inconsistencies
from teikyaku.desk.views.keeping import (
    keeping,
    keeping_erase,
    keeping_file,
    keeping_hold,
    keeping_lift,
)
from teikyaku.desk.views.merge_places import municipality_merge
from teikyaku.desk.views.move_in import (
    move_in_choose,
    move_in_columns,
    move_in_discard,
    move_in_import,
    move_in_look,
    move_in_page,
    move_in_table,
    move_in_undo,
    move_ins,
)
from teikyaku.desk.views.move_in_files import move_in_refusals, move_in_template
from teikyaku.desk.views.move_in_mend import move_in_again, move_in_answers, move_in_mend
from teikyaku.desk.views.move_in_place import move_in_place
from teikyaku.desk.views.notices import escalation_list, feed_new, feed_revoke, notices
from teikyaku.desk.views.office_start import (
    first_month,
    office_start,
    opening_edit,
    start_answer,
    start_put_away,
)
from teikyaku.desk.views.office_year import (
    office_year_page,
    office_year_xlsx,
    retention_forecast,
    staffing_set,
)
from teikyaku.desk.views.plan_list import plan_list
from teikyaku.desk.views.report_take_back import share_take_back
from teikyaku.desk.views.retention import retention, retention_latest
from teikyaku.desk.views.retention_before import retention_before, retention_before_back
from teikyaku.desk.views.services import client_services
from teikyaku.desk.views.system_home import system_home
from teikyaku.desk.views.waiting import waiting
from teikyaku.desk.views.what_if import what_if
from teikyaku.desk.views.who_looked import client_looked

# For the pages of plans that cannot look up to where months are closed.
CLOSED = {"closed": closed_for}
SUPPORT_PAGES = (
    ("correct", other_support_correct, "other_support_correct"),
    ("step", other_support_step, "other_support_step"),
    ("months", other_support_months, "other_support_months"),
    ("withdraw", other_support_withdraw, "other_support_withdraw"),
)

urlpatterns = [
    path("", home, name="home"),
    path("clients/<uuid:client>/", client_page, name="client_page"),
    path("clients/<uuid:client>/what-if/", what_if, name="what_if"),
    path("clients/<uuid:client>/history/", client_history, name="client_history"),
    path("clients/<uuid:client>/months/", client_months, name="client_months"),
    path("clients/<uuid:client>/look-back/", client_look_back, name="client_look_back"),
    path(
        "clients/<uuid:client>/jobs/<uuid:employment>/correct/",
        employment_correct,
        CLOSED,
        name="employment_correct",
    ),
    path(
        "clients/<uuid:client>/leaves/<uuid:leave>/correct/",
        leave_correct,
        CLOSED,
        name="leave_correct",
    ),
    path(
        "clients/<uuid:client>/services/<uuid:service>/correct/",
        prior_service_correct,
        CLOSED,
        name="prior_service_correct",
    ),
    path("clients/<uuid:client>/looked/", client_looked, name="client_looked"),
    path("clients/<uuid:client>/services/", client_services, name="client_services"),
    path(
        "clients/<uuid:client>/supports/new/<slug:kind>/",
        other_support_new,
        CLOSED,
        name="other_support_new",
    ),
    *(
        path(f"clients/<uuid:client>/supports/<uuid:support>/{step}/", view, CLOSED, name=name)
        for step, view, name in SUPPORT_PAGES
    ),
    path(
        "interviews/<uuid:interview>/correct/",
        interview_correct,
        CLOSED,
        name="interview_correct",
    ),
    path(
        "interviews/<uuid:interview>/withdraw/",
        interview_withdraw,
        CLOSED,
        name="interview_withdraw",
    ),
    path("clients/<uuid:client>/binder/", binder, name="binder"),
    path("clients/<uuid:client>/binder.pdf", binder_pdf, name="binder_pdf"),
    path("months/<month:month>/binder/", month_binder, name="month_binder"),
    path("months/<month:month>/binder.pdf", month_binder_pdf, name="month_binder_pdf"),
    path("billing/", billing_home, name="billing_home"),
    path("billing/after-close/", after_close, name="after_close"),
    path("caseload/", caseload, name="caseload"),
    path("caseload/move/", case_move, name="case_move"),
    path("caseload/moves/", case_moves, name="case_moves"),
    path("caseload/moves/<uuid:move>/", case_move_page, name="case_move_page"),
    path("caseload/moves/<uuid:move>/read/", case_move_read, name="case_move_read"),
    path("caseload/moves/<uuid:move>/undo/", case_move_undo, name="case_move_undo"),
    path("takeout/", takeout.takeouts, name="takeouts"),
    path("takeout/new/", takeout.takeout_ask, name="takeout_ask"),
    path("takeout/<uuid:takeout>/build/", takeout.takeout_build, name="takeout_build"),
    path("takeout/<uuid:takeout>/file/", takeout.takeout_file, name="takeout_file"),
    path("takeout/<uuid:takeout>/remove/", takeout.takeout_remove, name="takeout_remove"),
    path("start/", office_start, name="office_start"),
    path("start/first-month/", first_month, name="first_month"),
    path("start/steps/<slug:step>/", start_answer, name="start_answer"),
    path("start/put-away/", start_put_away, name="start_put_away"),
    path("start/people/", move_ins, name="move_ins"),
    path("start/people/template/", move_in_template, name="move_in_template"),
    path("start/people/<uuid:move_in>/", move_in_page, name="move_in_page"),
    path("start/people/<uuid:move_in>/columns/", move_in_columns, name="move_in_columns"),
    path("start/people/<uuid:move_in>/table/", move_in_table, name="move_in_table"),
    path("start/people/<uuid:move_in>/look/", move_in_look, name="move_in_look"),
    path("start/people/<uuid:move_in>/lines/<int:line>/", move_in_choose, name="move_in_choose"),
    path("start/people/<uuid:move_in>/again/", move_in_again, name="move_in_again"),
    path("start/people/<uuid:move_in>/lines/<int:line>/mend/", move_in_mend, name="move_in_mend"),
    path(
        "start/people/<uuid:move_in>/lines/<int:line>/place/", move_in_place, name="move_in_place"
    ),
    path(
        "manage/municipalities/<uuid:municipality>/merge/",
        municipality_merge,
        name="municipality_merge",
    ),
    path("start/people/<uuid:move_in>/answers/", move_in_answers, name="move_in_answers"),
    path("start/people/<uuid:move_in>/import/", move_in_import, name="move_in_import"),
    path("start/people/<uuid:move_in>/discard/", move_in_discard, name="move_in_discard"),
    path("start/people/<uuid:move_in>/undo/", move_in_undo, name="move_in_undo"),
    path("start/people/<uuid:move_in>/faults/", move_in_refusals, name="move_in_refusals"),
    path("enrolments/<uuid:enrolment>/opening/", opening_edit, name="opening_edit"),
    path("labels/", address_labels, name="address_labels"),
    path("labels/pdf/", address_labels_pdf, name="address_labels_pdf"),
    path("report-shares/<uuid:share>/take-back/", share_take_back, name="share_take_back"),
    path("retention/", retention_latest, name="retention_latest"),
    path("retention/<int:year>/", retention, name="retention"),
    path("retention/forecast/", retention_forecast, name="retention_forecast"),
    path("retention/staffing/", staffing_set, name="staffing_set"),
    path("retention/<int:year>/before/", retention_before, name="retention_before"),
    path("retention/<int:year>/before/back/", retention_before_back, name="retention_before_back"),
    path("retention/<int:year>/office/", office_year_page, name="office_year"),
    path("retention/<int:year>/xlsx/", office_year_xlsx, name="office_year_xlsx"),
    path("waiting/", waiting, name="waiting"),
    path("support-plans/", plan_list, name="plan_list"),
    path("system/", system_home, name="system_home"),
    path("inconsistencies/", inconsistencies, name="inconsistencies"),
    path(
        "manage/memberships/<uuid:membership>/roles/",
        memberships.membership_roles,
        name="membership_roles",
    ),
    path("manage/figures/", figures.figure_list, name="figures"),
    path("manage/figures/<str:key>/", figures.figure_correct, name="figure_correct"),
    path("manage/corrections/<uuid:correction>/", figures.correction_edit, name="correction_edit"),
    path(
        "manage/corrections/<uuid:correction>/withdraw/",
        figures.correction_withdraw,
        name="correction_withdraw",
    ),
    path("expiry/", expiry, name="expiry"),
    path("expiry/xlsx/", expiry_xlsx, name="expiry_xlsx"),
    path("expiry/settled/", expiry_settled, name="expiry_settled"),
    path("expiry/settled/<uuid:settlement>/undo/", expiry_undo, name="expiry_undo"),
    path("expiry/<slug:kind>/<uuid:subject>/settle/", expiry_settle, name="expiry_settle"),
    path("keeping/", keeping, name="keeping"),
    path("keeping/<uuid:client>/", keeping_file, name="keeping_file"),
    path("keeping/<uuid:client>/hold/", keeping_hold, name="keeping_hold"),
    path("keeping/<uuid:client>/lift/", keeping_lift, name="keeping_lift"),
    path("keeping/<uuid:client>/erase/", keeping_erase, name="keeping_erase"),
    path("me/notices/", notices, name="notices"),
    path("me/notices/feed/", feed_new, name="feed_new"),
    path("me/notices/feed/revoke/", feed_revoke, name="feed_revoke"),
    path("me/notices/escalations/", escalation_list, name="escalations"),
    path("feed/<str:token>.ics", calendar_feed, name="calendar_feed"),
    path("guide/", guide, name="guide"),
    path("guide/use/", guide_use, name="guide_use"),
    path("guide/cost/", guide_cost, name="guide_cost"),
    path("as-of/", as_of, name="as_of"),
    path("components/", components, name="components"),
]
