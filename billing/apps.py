"""The month as money."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """請求 tariffs, the month, its invoices."""

    name = "billing"
    verbose_name = "請求"
