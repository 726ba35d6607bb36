"""`make fuzz`: generated posts over all forms (POSTS=100000, SEED=1), as JSON; 1 on a fault. PAGE=month_correct: that page alone.

A signal (TERM) ends it after the form it is at: what was found until then is told.

On the database of DATABASE_URL (a test database is made beside it), or on SQLite in a folder of its own.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))


def main() -> int:
    count, number = int(os.environ.get("POSTS") or 100_000), int(os.environ.get("SEED") or 1)
    with tempfile.TemporaryDirectory(prefix="teikyaku-fuzz-") as folder:
        os.environ |= {"TEIKYAKU_MODE": "test", "DJANGO_SETTINGS_MODULE": "teikyaku.settings",
                       "MEDIA_ROOT": folder}  # fmt: skip
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/teikyaku.sqlite3")
        return _run(count, number)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _run(count: int, number: int) -> int:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import (
        setup_databases,
        setup_test_environment,
        teardown_databases,
    )

    from teikyaku.clock import today
    from tests.cast import make_cast
    from tests.fuzz.posts import Fuzz, rolled_back

    setup_test_environment()
    logging.disable(logging.CRITICAL)
    made = setup_databases(verbosity=0, interactive=False)
    began = time.perf_counter()
    try:
        with rolled_back():
            fuzz = Fuzz(make_cast(today()), _say, os.environ.get("PAGE", ""))
            signal.signal(signal.SIGTERM, lambda *_more: setattr(fuzz, "is_ended", True))
            report = fuzz.run(count, number)
    finally:
        teardown_databases(made, verbosity=0)
    forms = [target for target in fuzz.targets if target.form.method == "post"]
    print(
        json.dumps(
            {
                "database": connection.vendor, "seed": number, "requests": report.posts,
                "forms": len(forms), "fewest_at_one_form": min(t.posts for t in fuzz.targets),
                "lists": len(fuzz.targets) - len(forms),
                "forms_whose_base_is_taken": sum(target.is_accepted for target in forms),
                "not_taken": fuzz.not_taken,
                "answers": dict(sorted(report.answers.items())), "stored_something": report.stored,
                "seconds": round(time.perf_counter() - began), "faults": report.faults,
            },
            ensure_ascii=False, indent=1,
        )
    )  # fmt: skip
    return 1 if report.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
