"""請求書: whose month it is stands on the row itself, so that one of before the move has a place too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0027_cap_tellings"),
        ("clients", "0019_one_persons_rows"),
    ]

    operations = [
        migrations.AddField(
            "invoice",
            "enrolment",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="invoices",
                to="clients.enrolment", verbose_name="利用",
            ),
        ),
        migrations.AddField(
            "invoice", "month", models.DateField(null=True, verbose_name="サービスの月")
        ),
    ]  # fmt: skip
