"""What does not fit: one function per question, asked each night (`manage.py look_over`)."""

from teikyaku.accounts.models import Inconsistency
from teikyaku.desk.inconsistencies.derived import derived_columns, referral_days
from teikyaku.desk.inconsistencies.files import files_without_rows, rows_without_files
from teikyaku.desk.inconsistencies.found import Found, Question
from teikyaku.desk.inconsistencies.money import closed_months, invoices, sums_of_lines
from teikyaku.desk.inconsistencies.notified import rival_items
from teikyaku.desk.inconsistencies.overlaps import missing_guards, overlaps
from teikyaku.desk.inconsistencies.plans import plan_periods
from teikyaku.desk.inconsistencies.running import jobs, newest_backup, proof_of_restore

K = Inconsistency.Kind
QUESTIONS: dict[Inconsistency.Kind, Question] = {
    K.DERIVED: derived_columns,
    K.REFERRAL: referral_days,
    K.MONTH: closed_months,
    K.INVOICE: invoices,
    K.SUM: sums_of_lines,
    K.PLAN: plan_periods,
    K.RIVALS: rival_items,
    K.OVERLAP: overlaps,
    K.GUARD: missing_guards,
    K.PAPER: rows_without_files,
    K.ORPHAN: files_without_rows,
    K.JOB: jobs,
    K.BACKUP: newest_backup,
    K.PROOF: proof_of_restore,
}

__all__ = ["QUESTIONS", "Found", "Question"]
