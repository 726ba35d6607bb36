"""会う約束: when the day of a contact was agreed, kept by corrections that leave the day as it was."""

from django.db import migrations, models

CHUNK = 1_000


def fill(apps, schema_editor):
    Interview = apps.get_model("plans", "Interview")
    known, changed = {}, []
    # A correction is younger than what it corrects.
    rows = Interview.objects.filter(next_on__isnull=False).order_by("pk")
    for row in rows.only("pk", "next_on", "replaces_id", "recorded_at").iterator(CHUNK):
        day, agreed_at = known.get(row.replaces_id, (None, None))
        row.agreed_at = agreed_at if day == row.next_on else row.recorded_at
        known[row.pk] = (row.next_on, row.agreed_at)
        changed.append(row)
        if len(changed) == CHUNK:
            Interview.objects.bulk_update(changed, ["agreed_at"])
            changed = []
    Interview.objects.bulk_update(changed, ["agreed_at"])


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0023_phrases'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalinterview',
            name='agreed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='次回を決めた日時'),
        ),
        migrations.AddField(
            model_name='interview',
            name='agreed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='次回を決めた日時'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
