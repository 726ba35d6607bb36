"""Who may see what: users, offices, wards, staff, audit, mail."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """利用者管理 the tenants and the people who work in them."""

    name = "teikyaku.accounts"
    verbose_name = "職員と事業所"
