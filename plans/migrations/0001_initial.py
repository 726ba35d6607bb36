"""The tables of the first release; their operations stand in `initial/`."""

from django.db import migrations

from plans.migrations.initial import path_to_use, support


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('clients', '0001_initial'),
    ]

    operations = [*path_to_use.OPERATIONS, *support.OPERATIONS]
