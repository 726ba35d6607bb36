"""What was written of contacts is found: every contact that stands gets its search text."""

import django.db.models.deletion
from django.db import migrations, models

from plans.rules.note_text import note_key

CHUNK = 1_000
FIELDS = ("notes", "agreed", "offered_instead", "participants", "place")


def fill(apps, schema_editor):
    Interview = apps.get_model("plans", "Interview")
    NoteText = apps.get_model("plans", "NoteText")
    standing = Interview.objects.filter(replaced_by=None, withdrawn_at=None)
    rows = standing.select_related("enrolment").order_by("pk")
    texts = []
    for row in rows.iterator(chunk_size=CHUNK):
        text = note_key(getattr(row, name) for name in FIELDS)
        texts.append(
            NoteText(
                interview=row, office_id=row.enrolment.office_id, held_on=row.held_on, text=text
            )
        )
        if len(texts) == CHUNK:
            NoteText.objects.bulk_create(texts)
            texts = []
    NoteText.objects.bulk_create(texts)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_tables"), ("plans", "0020_one_day_decisions")]

    operations = [
        migrations.CreateModel(
            name='NoteText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='日付')),
                ('text', models.TextField(verbose_name='検索用')),
                ('interview', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='note_text', to='plans.interview', verbose_name='面談・連絡')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='事業所')),
            ],
            options={
                'verbose_name': '記録の検索用の文',
                'verbose_name_plural': '記録の検索用の文',
                'ordering': ['-held_on', '-interview'],
                'indexes': [models.Index(fields=['office', '-held_on', '-interview'], name='note_text_newest')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
