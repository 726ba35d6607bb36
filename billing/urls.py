"""Addresses of the billing app."""

from django.urls import path

from billing.views import (
    cap_management,
    claim_export,
    claim_file,
    correction,
    differences,
    fee_table,
    month,
    month_files,
    office,
    payment,
    refund,
    tariff,
)

urlpatterns = [
    path("months/", month.month_latest, name="month_latest"),
    path("months/differences/", differences.differences, name="differences"),
    path("months/differences.xlsx", differences.differences_xlsx, name="differences_xlsx"),
    path("months/corrections/", correction.correction_list, name="correction_list"),
    path("months/<month:month>/", month.month_page, name="month_page"),
    path("months/<month:month>.pdf", month_files.month_pdf, name="month_pdf"),
    path("months/<month:month>.xlsx", month_files.month_xlsx, name="month_xlsx"),
    path("months/<month:month>/close/", month.month_close, name="month_close"),
    path("months/<month:month>/claim/", claim_export.claim_export, name="claim_export"),
    path("months/<month:month>/claim.xlsx", claim_export.claim_sums_xlsx, name="claim_sums_xlsx"),
    path(
        "months/<month:month>/claim/files/", claim_export.claim_files_make, name="claim_files_make"
    ),
    path("months/<month:month>/caps/", cap_management.cap_month, name="cap_month"),
    path(
        "enrolments/<uuid:enrolment>/caps/<month:month>/",
        cap_management.cap_result,
        name="cap_result",
    ),
    path("cap-results/<uuid:result>.pdf", cap_management.cap_sheet_pdf, name="cap_sheet_pdf"),
    path("claim-files/<uuid:file>.csv", claim_export.claim_file_csv, name="claim_file_csv"),
    path(
        "claim-files/<uuid:file>/withdraw/",
        claim_export.claim_file_withdraw,
        name="claim_file_withdraw",
    ),
    path("claim-files/check/", claim_file.claim_file_check, name="claim_file_check"),
    path("person-months/<uuid:person_month>/", month.person_month_page, name="person_month_page"),
    path("person-months/<uuid:person_month>/invoice/", month.invoice_issue, name="invoice_issue"),
    path(
        "person-months/<uuid:person_month>/correct/", correction.month_correct, name="month_correct"
    ),
    path(
        "month-corrections/<uuid:month_correction>/petition/",
        correction.petition_record,
        name="petition_record",
    ),
    path("invoices/<uuid:invoice>/refund/", refund.refund_record, name="refund_record"),
    path("refunds/<uuid:refund>/cancel/", refund.refund_cancel, name="refund_cancel"),
    path("invoices/<uuid:invoice>.pdf", month.invoice_pdf, name="invoice_pdf"),
    path("payments/", payment.payments, name="payments"),
    path("payments.xlsx", payment.payments_xlsx, name="payments_xlsx"),
    path("payments/together/", payment.payments_together, name="payments_together"),
    path("payments/<uuid:payment>/cancel/", payment.payment_cancel, name="payment_cancel"),
    path("payments/<uuid:payment>/receipt/", payment.receipt_issue, name="receipt_issue"),
    path("invoices/<uuid:invoice>/payment/", payment.payment_record, name="payment_record"),
    path("receipts/<uuid:receipt>.pdf", payment.receipt_pdf, name="receipt_pdf"),
    path("manage/tariffs/", tariff.tariffs, name="tariffs"),
    path("manage/tariffs/confirm/", tariff.tariff_confirm, name="tariff_confirm"),
    path("manage/tariffs/<uuid:confirmation>/", tariff.tariff_correct, name="tariff_correct"),
    path("manage/tariffs/imports/new/", fee_table.fee_table_new, name="fee_table_new"),
    path("manage/tariffs/template.xlsx", fee_table.fee_table_template, name="fee_table_template"),
    path("manage/tariffs/imports/<uuid:table>/", fee_table.fee_table_page, name="fee_table_page"),
    path(
        "manage/tariffs/imports/<uuid:table>/confirm/",
        fee_table.fee_table_confirm,
        name="fee_table_confirm",
    ),
    path(
        "manage/tariffs/imports/<uuid:table>/withdraw/",
        fee_table.fee_table_withdraw,
        name="fee_table_withdraw",
    ),
    path("office/", office.office_settings, name="office_settings"),
    path("office/tier/", office.tier_confirm, name="tier_confirm"),
    path("office/tier/<uuid:tier>/", office.tier_correct, name="tier_correct"),
    path("office/items/new/", office.notification_new, name="notification_new"),
    path(
        "office/items/<uuid:notification>/",
        office.notification_correct,
        name="notification_correct",
    ),
]
