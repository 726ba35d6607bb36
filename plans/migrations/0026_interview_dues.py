"""面談の期限の記録: which due date stood from which day on, kept when facts are put right."""

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

CHUNK = 1_000


def fill(apps, schema_editor):
    """The date that stands is known since today; one that has passed, since its own day at least."""
    Enrolment = apps.get_model("clients", "Enrolment")
    InterviewDue = apps.get_model("plans", "InterviewDue")
    today, waiting = timezone.localdate(), []
    rows = Enrolment.objects.filter(interview_due_on__isnull=False).order_by("pk")
    values = rows.values_list("pk", "interview_due_on", "pace_months")
    for pk, due_on, months in values.iterator(CHUNK):
        since = min(due_on, today)
        waiting.append(
            InterviewDue(enrolment_id=pk, since=since, due_on=due_on, pace_months=months, is_carried=True)
        )
        if len(waiting) == CHUNK:
            InterviewDue.objects.bulk_create(waiting)
            waiting = []
    InterviewDue.objects.bulk_create(waiting)


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0014_ends_by_day'),
        ('plans', '0025_appointment_constraint'),
    ]

    operations = [
        migrations.CreateModel(
            name='InterviewDue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='この期限になった日')),
                ('due_on', models.DateField(null=True, verbose_name='面談の期限')),
                ('pace_months', models.PositiveSmallIntegerField(null=True, verbose_name='面談の間隔（月）')),
                ('is_carried', models.BooleanField(default=False, verbose_name='記録を始める前からの期限')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interview_dues', to='clients.enrolment', verbose_name='利用')),
            ],
            options={
                'verbose_name': '面談の期限の記録',
                'verbose_name_plural': '面談の期限の記録',
                'constraints': [models.UniqueConstraint(fields=('enrolment', 'since'), name='interview_due_once_a_day', violation_error_message='この日の期限は、記録済みです。')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
