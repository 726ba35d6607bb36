"""Addresses of the billing app."""

from django.urls import path

from billing.views import month, office, tariff

urlpatterns = [
    path("months/", month.month_latest, name="month_latest"),
    path("months/<month:month>/", month.month_page, name="month_page"),
    path("months/<month:month>/close/", month.month_close, name="month_close"),
    path("person-months/<uuid:person_month>/", month.person_month_page, name="person_month_page"),
    path("person-months/<uuid:person_month>/invoice/", month.invoice_issue, name="invoice_issue"),
    path("invoices/<uuid:invoice>.pdf", month.invoice_pdf, name="invoice_pdf"),
    path("manage/tariffs/", tariff.tariffs, name="tariffs"),
    path("manage/tariffs/confirm/", tariff.tariff_confirm, name="tariff_confirm"),
    path("manage/tariffs/<uuid:confirmation>/", tariff.tariff_correct, name="tariff_correct"),
    path("office/", office.office_settings, name="office_settings"),
    path("office/tier/", office.tier_confirm, name="tier_confirm"),
    path("office/items/new/", office.notification_new, name="notification_new"),
]
