"""食い違いの点検: the nightly look has run once over what the demo holds."""

from __future__ import annotations

from teikyaku.accounts.actions.job_run import finish_job, start_job
from teikyaku.accounts.models import Inconsistency, JobRun
from teikyaku.clock import at_noon
from teikyaku.desk.actions.look_over import look_over
from teikyaku.desk.demo.places import City
from teikyaku.desk.inconsistencies import QUESTIONS

K = Inconsistency.Kind
# What is about the machine on which it stands, not about what is on file.
MACHINE = {K.PAPER, K.ORPHAN, K.GUARD, K.JOB, K.BACKUP, K.PROOF}


def look_once(city: City) -> None:
    """What the records themselves come to: nothing of it depends on where the demo was built."""
    at = at_noon(city.today)
    start_job(JobRun.Name.LOOK_OVER, at=at)
    questions = {kind: ask for kind, ask in QUESTIONS.items() if kind not in MACHINE}
    looked = look_over(at=at, questions=questions)
    said = (
        f"食い違いが{looked.standing}件あります。" if looked.standing else "食い違いはありません。"
    )
    finish_job(JobRun.Name.LOOK_OVER, at=at, said=said, has_failed=bool(looked.standing))
