"""Pages that mix apps, the admin site, commands, the demo city."""

from typing import Any

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core.checks import Tags, register
from django.utils.module_loading import import_string

from teikyaku.desk.setting_checks import cache_is_there, contact_is_read, log_is_silent
from teikyaku.field_words import use_plain_words


class DeskConfig(AppConfig):
    """机 what people work at; it has no models."""

    name = "teikyaku.desk"
    verbose_name = "机"
    default = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Before any form class is made: a field takes its words when it is written down.
        use_plain_words()

    def ready(self) -> None:
        """Asks the checks of settings at every command, those of a database where it is named."""
        register(contact_is_read)
        # It reads models, which are not there yet when this module is.
        factors_open = import_string("teikyaku.desk.seal_check.factors_open")
        for of_a_database in (cache_is_there, log_is_silent, factors_open):
            register(of_a_database, Tags.database)


class TeikyakuAdminConfig(admin_apps.AdminConfig):
    """The admin with our own site, which asks the role table."""

    default = False
    default_site = "teikyaku.desk.admin_site.TeikyakuAdminSite"
