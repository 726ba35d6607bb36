"""The line of a claim file keeps the number of the municipality that was written there."""

from django.db import migrations, models


def keep_the_number(apps, schema_editor):
    """Until now nothing kept it: what the municipality has today is the best that is known."""
    entries, months = (apps.get_model("billing", name) for name in ("ClaimFileEntry", "PersonMonth"))
    code = months.objects.filter(pk=models.OuterRef("person_month")).values("municipality__code")[:1]
    entries.objects.update(municipality_code=models.Subquery(code))


class Migration(migrations.Migration):

    dependencies = [
        ("billing", "0041_tellings_asked"),
        ("accounts", "0019_terms_certainty"),
    ]

    operations = [
        migrations.AddField(
            model_name="claimfileentry",
            name="municipality_code",
            field=models.CharField(default="", max_length=6, verbose_name="市町村番号"),
            preserve_default=False,
        ),
        migrations.RunPython(keep_the_number, migrations.RunPython.noop, elidable=True),
    ]
