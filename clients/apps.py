"""Who, where, employed, eligible?"""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """利用者 the people, their work and their right to the service."""

    name = "clients"
    verbose_name = "利用者"
