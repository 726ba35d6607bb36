"""From application to handover."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """支援の流れ application, certificate, contract, interviews, handover."""

    name = "plans"
    verbose_name = "支給決定と支援"
