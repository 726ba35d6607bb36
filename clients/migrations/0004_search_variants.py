"""Names are found by the common variant of a character too: what is searched is written anew."""

from django.db import migrations

from clients.rules.names import search_key


def rewrite(apps, schema_editor):
    ClientName = apps.get_model("clients", "ClientName")
    changed = []
    for row in ClientName.objects.only("pk", "kana", "name", "search_text").iterator():
        text = f"{search_key(row.kana)} {search_key(row.name)}"
        if text != row.search_text:
            row.search_text = text
            changed.append(row)
    ClientName.objects.bulk_update(changed, ["search_text"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("clients", "0003_household_unknowns")]

    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
