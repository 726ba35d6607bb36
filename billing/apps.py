"""The month as money."""

from django.apps import AppConfig
from django.core.checks import register

from billing.checks import check_packaged_tables


class BillingConfig(AppConfig):
    """請求 tariffs, the month, its invoices."""

    name = "billing"
    verbose_name = "請求"

    def ready(self) -> None:
        """A fee table that is not whole is told when the server starts."""
        register(check_packaged_tables)
