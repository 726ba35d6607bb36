"""次に会う約束の日: what the talks and changes on file agree, written onto each enrolment once."""

from django.db import migrations

CHUNK = 1_000
MEETING_WAYS = ("face", "video")


def fill(apps, schema_editor):
    """The day of the newest talk or change, unless they met on it or after it."""
    Enrolment = apps.get_model("clients", "Enrolment")
    keys = list(Enrolment.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), CHUNK):
        _fill(apps, keys[first : first + CHUNK])


def _fill(apps, keys):
    Enrolment = apps.get_model("clients", "Enrolment")
    Interview = apps.get_model("plans", "Interview")
    AppointmentChange = apps.get_model("plans", "AppointmentChange")
    newest, met = {}, {}

    def say(enrolment, moment, day):
        newest[enrolment] = max(newest.get(enrolment, (moment, day)), (moment, day), key=_moment)

    standing = Interview.objects.filter(enrolment__in=keys, withdrawn_at=None, replaced_by=None)
    talks = standing.filter(next_on__isnull=False, agreed_at__isnull=False).exclude(outcome="attempt")
    for pk, enrolment, on, at, day in talks.values_list("pk", "enrolment", "held_on", "agreed_at", "next_on"):
        say(enrolment, (on, at, True, pk), day)
    changes = AppointmentChange.objects.filter(enrolment__in=keys)
    for pk, enrolment, on, at, day in changes.values_list("pk", "enrolment", "changed_on", "recorded_at", "next_on"):
        say(enrolment, (on, at, False, pk), day)
    for enrolment, on in standing.filter(outcome="met", way__in=MEETING_WAYS).values_list("enrolment", "held_on"):
        met[enrolment] = max(met.get(enrolment, on), on)
    rows = [
        Enrolment(pk=enrolment, appointment_on=day)
        for enrolment, (_when, day) in newest.items()
        if day is not None and not (enrolment in met and met[enrolment] >= day)
    ]
    Enrolment.objects.bulk_update(rows, ["appointment_on"])


def _moment(said):
    return said[0]


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0017_appointment_day"),
        ("plans", "0029_handover_open"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
