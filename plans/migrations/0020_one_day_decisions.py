"""支給決定: what was stored as one day because it never began gets back the days that were granted.

Its own step: PostgreSQL does not alter a table whose rows were changed in the same transaction.
"""

from datetime import timedelta

from django.db import migrations

DAY = timedelta(days=1)


def to_cancelled(apps, schema_editor):
    """Each change that was ended before it began: cancelled, and the former one holds the last day."""
    Decision = apps.get_model("plans", "Decision")
    rows = Decision.objects.filter(revoked_on__isnull=False, is_transcribed=False)
    for last in rows.order_by("pk").iterator():
        if _first_day(apps, last) is None:
            continue
        on, reason, never_began, row = last.revoked_on, last.revocation_reason, [], last
        while row is not None and _first_day(apps, row) is not None:
            never_began.append(row)
            row = Decision.objects.filter(
                client=row.client_id, is_transcribed=False, ends_on=row.starts_on - DAY
            ).first()
        # The former one was cut short for it: one that ended by itself had no change after it.
        if row is None or row.ends_on >= row.granted_until:
            continue
        ends_on = last.granted_until
        for each in never_began:
            each.starts_on, each.ends_on = _first_day(apps, each), ends_on
            each.is_cancelled, each.revoked_on, each.revocation_reason = True, on, reason
            ends_on = each.starts_on - DAY
            _save(apps, each)
        row.ends_on, row.revoked_on, row.revocation_reason = on, on, reason
        _save(apps, row)


def _first_day(apps, row):
    """The first day as it was granted, by the first paper, of a decision of one day before it; else None."""
    if row.is_cancelled or row.starts_on != row.ends_on:
        return None
    papers = apps.get_model("plans", "Certificate").objects.filter(decision=row)
    first = papers.order_by("pk").values_list("applies_on", flat=True).first()
    return first if first is not None and first > row.ends_on else None


def _save(apps, row):
    """With a line of history, on the day of the last one: the values are put right, nothing was decided."""
    row.save()
    Past = apps.get_model("plans", "HistoricalDecision")
    past = Past.objects.filter(id=row.pk).order_by("history_date", "history_id").last()
    if past is None:
        return
    past.pk = None
    for name in ("starts_on", "ends_on", "revoked_on", "revocation_reason", "is_cancelled"):
        setattr(past, name, getattr(row, name))
    past.history_type, past.history_change_reason = "~", "始まる前に取り消した支給決定の書き方を変えました"
    past.save()


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0019_decision_cancelled'),
    ]

    operations = [
        migrations.RunPython(to_cancelled, migrations.RunPython.noop, elidable=True),
    ]
