"""請求書: whose month each is, from the closed month that it was issued for."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """One statement: an installation may have many."""
    months = apps.get_model("billing", "PersonMonth").objects.filter(pk=OuterRef("person_month"))
    apps.get_model("billing", "Invoice").objects.update(
        enrolment=Subquery(months.values("enrolment")), month=Subquery(months.values("month"))
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0028_invoice_of_whom")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
