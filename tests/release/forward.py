"""A child process: load a release's database, migrate it to now, and say how it went as JSON.

python -m tests.release.forward NAME, with DATABASE_URL of an empty database.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from billing.models import MonthClosing  # noqa: E402
from clients.models import Enrolment  # noqa: E402
from plans.models import Application  # noqa: E402
from teikyaku.accounts.models import Inconsistency, User  # noqa: E402
from teikyaku.clock import now  # noqa: E402
from teikyaku.desk.inconsistencies import QUESTIONS  # noqa: E402
from tests.release.snapshot import Snapshot, columns_of  # noqa: E402

# Files are no part of a snapshot; recurring work did not run here.
NOT_ASKED = (Inconsistency.Kind.PAPER, Inconsistency.Kind.JOB)


def main(name: str) -> dict[str, Any]:
    """Everything that the test looks at."""
    Snapshot(name).load(connection)
    before = columns_of(connection)
    with redirect_stdout(StringIO()):
        call_command("migrate", verbosity=0)
    after = columns_of(connection)
    return {
        "changed": [
            [*key, value, after[key]]
            for key, value in sorted(before.items())
            if key in after and after[key] != value
        ],
        "gone": sorted(key for key in before if key not in after),
        "closings": MonthClosing.objects.count(),
        "does_not_fit": {
            kind.value: [each.subject for each in question(now())]
            for kind, question in QUESTIONS.items()
            if kind not in NOT_ASKED
        },
        "pages": {f"{who} {url}": _status(who, url) for who, url in _pages()},
    }


def _pages() -> list[tuple[str, str]]:
    worker = User.objects.get(email="worker@example.jp")
    mine = Enrolment.objects.filter(
        office__memberships__user=worker, use_starts_on__isnull=False, ends_on=None
    ).order_by("pk")[0]
    person = reverse("client_page", args=[mine.client.public_id])
    application = Application.objects.filter(municipality__name="中央区").order_by("pk")[0]
    return [
        *(("worker", url) for url in ("/", person, reverse("caseload"), reverse("report_latest"))),
        *(("manager", url) for url in ("/", reverse("plan_list"), reverse("support_plans", args=[mine.public_id]))),
        *(("head", url) for url in ("/", reverse("month_latest"), reverse("money_page"), reverse("retention_latest"), reverse("keeping"))),
        *(("billing", url) for url in ("/", reverse("payments"), reverse("open_items"), reverse("journal"))),
        *(("chuo", url) for url in (reverse("admin:application_list"), reverse("admin:application_page", args=[application.public_id]), reverse("admin:ward_expiry"))),
        ("city", reverse("admin:index")),
        *(("admin", url) for url in (reverse("system_home"), reverse("people"), reverse("figures"), reverse("tariffs"))),
    ]  # fmt: skip


def _status(who: str, url: str) -> int:
    client = Client(raise_request_exception=False)
    client.force_login(
        User.objects.get(email=f"{who}@example.jp"),
        backend="teikyaku.accounts.backends.EmailBackend",
    )
    return int(client.get(url, follow=True).status_code)


if __name__ == "__main__":
    json.dump(main(sys.argv[1]), sys.stdout)
