"""面談を希望しなかった日: the refusal on file that is the person's last word, written onto each enrolment once."""

from django.db import migrations

CHUNK = 1_000


def fill(apps, schema_editor):
    """The last refusal after which the person was not spoken with."""
    Enrolment = apps.get_model("clients", "Enrolment")
    Interview = apps.get_model("plans", "Interview")
    keys = list(Enrolment.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), CHUNK):
        refused = {}
        rows = Interview.objects.filter(
            enrolment__in=keys[first : first + CHUNK], withdrawn_at=None, replaced_by=None,
            outcome__in=["met", "refused"],
        ).order_by("held_on", "pk")  # fmt: skip
        for enrolment, on, outcome in rows.values_list("enrolment", "held_on", "outcome"):
            refused[enrolment] = on if outcome == "refused" else None
        found = [Enrolment(pk=key, refused_on=on) for key, on in refused.items() if on is not None]
        Enrolment.objects.bulk_update(found, ["refused_on"])


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0018_refusal_day"),
        ("plans", "0031_expiry_steps"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
