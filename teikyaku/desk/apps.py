"""Pages that mix apps, the admin site, commands, the demo city."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class DeskConfig(AppConfig):
    """机 what people work at; it has no models."""

    name = "teikyaku.desk"
    verbose_name = "机"
    default = True


class TeikyakuAdminConfig(admin_apps.AdminConfig):
    """The admin with our own site, which asks the role table."""

    default = False
    default_site = "teikyaku.desk.admin_site.TeikyakuAdminSite"
