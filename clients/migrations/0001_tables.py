"""Every table as it stands, made in one go: for a new installation.

An older one walks the steps that this one stands for.
"""

from django.conf import settings
from django.db import migrations

from clients.migrations.tables import consent, facts, person, use, work
from teikyaku.first_tables import FirstTables


class Migration(FirstTables):

    initial = True

    replaces = [
        ('clients', '0001_initial'),
        ('clients', '0002_end_after_use'),
        ('clients', '0003_household_unknowns'),
        ('clients', '0004_search_variants'),
        ('clients', '0005_suggested_interval'),
        ('clients', '0006_attachments'),
        ('clients', '0007_consent_items'),
        ('clients', '0008_consent_to_support_plan'),
    ]

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *person.OPERATIONS,
        *facts.OPERATIONS,
        *work.OPERATIONS,
        *consent.OPERATIONS,
        *use.OPERATIONS,
    ]
