"""Every table as it stands, made in one go: for a new installation.

An older one walks the steps that this one stands for.
"""

import django.db.models.deletion
from django.db import migrations, models

from teikyaku.accounts.migrations.tables import places, records
from teikyaku.first_tables import FirstTables


class Migration(FirstTables):

    initial = True

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_histories_and_endings'),
        ('accounts', '0003_first_steps'),
        ('accounts', '0004_lists_by_index'),
        ('accounts', '0005_job_runs'),
        ('accounts', '0006_second_officer'),
        ('accounts', '0007_reminders'),
        ('accounts', '0008_attachments'),
    ]

    dependencies = [
    ]

    operations = [
        *places.OPERATIONS,
        *records.OPERATIONS,
        migrations.AddField(
            model_name='figureoverride',
            name='recorded_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者'),
        ),
        migrations.AddField(
            model_name='membership',
            name='municipality',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.municipality', verbose_name='自治体'),
        ),
        migrations.AddField(
            model_name='membership',
            name='office',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.office', verbose_name='事業所'),
        ),
    ]
