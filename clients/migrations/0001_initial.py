"""The tables of the first release; their operations stand in `initial/`."""

from django.db import migrations

from clients.migrations.initial import around_person, person


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [*person.OPERATIONS, *around_person.OPERATIONS]
