"""Enrolment: the fact that an office works with a person, and who is in charge."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Q
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractYear
from django.db.models.lookups import LessThan
from simple_history.models import HistoricalRecords

from clients.enums import EndReason
from clients.models.case_move import CaseMove
from clients.models.client import Client
from clients.rules.window import is_cut_short, three_years_from
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, NoOverlap, Together
from teikyaku.periods import Month, in_force

_YEAR, _MONTH = 10_000, 100


def _as_number(day: Any) -> Any:
    """2026-04-01 → 20260401, which both databases compare."""
    return ExtractYear(day) * _YEAR + ExtractMonth(day) * _MONTH + ExtractDay(day)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Questions about enrolments; each takes its date. Rules that a list needs are Q objects."""

    def in_force(self, on: date) -> EnrolmentQuerySet:
        """Those whose period holds `on`, prospective ones too."""
        return self.filter(in_force(on))

    @staticmethod
    def in_use_q(on: date) -> Q:
        """利用中: use has begun and the enrolment has not ended."""
        return Q(use_starts_on__lte=on) & in_force(on)

    @staticmethod
    def cut_short_q() -> Q:
        """A leaving, and not the three years, ends the window: as `clients.rules.window.is_cut_short`.

        The day after three whole years bears the same month and day, as a number too; where the year
        has no 29 February, it comes after that number.
        """
        after = ExpressionWrapper(F("window_ends_on") + timedelta(days=1), output_field=DateField())
        three_years = _as_number(F("window_starts_on")) + 3 * _YEAR
        return Q(LessThan(_as_number(after), three_years), window_starts_on__isnull=False)

    @staticmethod
    def late_q(on: date) -> Q:
        """Of somebody in use: the due date of the next interview has passed, not by their wish."""
        return Q(interview_due_on__lt=on) & EnrolmentQuerySet.unrefused_q(on)

    @staticmethod
    def refused_q(on: date) -> Q:
        """The person did not want a meeting this month, and there was none (docs/rules.md §6)."""
        first = Month.of(on).first_day
        was_not_met = Q(last_met_on=None) | Q(last_met_on__lt=first)
        return Q(refused_on__range=(first, on)) & was_not_met

    @staticmethod
    def unrefused_q(on: date) -> Q:
        """All others than those of `refused_q`."""
        first = Month.of(on).first_day
        said_nothing = Q(refused_on=None) | Q(refused_on__lt=first) | Q(refused_on__gt=on)
        return said_nothing | Q(last_met_on__gte=first)

    def in_use(self, on: date) -> EnrolmentQuerySet:
        """Those in use on `on`."""
        return self.filter(self.in_use_q(on))


class EnrolmentManager(models.Manager.from_queryset(EnrolmentQuerySet)):  # type: ignore[misc]
    """Everybody's files, without the shells of erased ones: to every question those are not there."""

    def get_queryset(self) -> EnrolmentQuerySet:
        """Those that are not erased."""
        found: EnrolmentQuerySet = super().get_queryset().filter(is_erased=False)
        return found


class Enrolment(RecordedModel):
    """利用 client × office × period: it grants the office sight of the person.

    It begins when the office starts to work with somebody (also before any use); the contract
    sets `use_starts_on`. The derived columns are written by one function whenever an input
    changes (plans.actions.pace.refresh), so that lists sort and filter in SQL.

    Where a ward still keeps a proposal of the office, erasing leaves the row as an emptied shell
    (`is_erased`): the ward's rows stay as they are. `every` reaches the shells.
    """

    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # erasure goes through its own action, never by cascade
        related_name="enrolments",
        verbose_name="利用者",
    )
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # the office's file
        related_name="enrolments",
        verbose_name="事業所",
    )
    starts_on = models.DateField("相談の開始日")
    use_starts_on = models.DateField("利用開始日", null=True, blank=True)
    ends_on = models.DateField("終了日", null=True, blank=True)
    end_reason = models.CharField("終了の理由", max_length=20, choices=EndReason, blank=True)
    end_note = models.CharField("終了の経過", max_length=200, blank=True)

    is_erased = models.BooleanField("消去済み", default=False, editable=False)

    # Derived; see the class docstring.
    interview_due_on = models.DateField("次の面談の期限", null=True, editable=False)
    pace_months = models.PositiveSmallIntegerField("面談の間隔（月）", null=True, editable=False)
    suggested_months = models.PositiveSmallIntegerField(
        "ゆるめる提案（月）", null=True, editable=False
    )
    last_met_on = models.DateField("最後の面談日", null=True, editable=False)
    appointment_on = models.DateField("次に会う約束の日", null=True, editable=False)
    refused_on = models.DateField("面談を希望しなかった日", null=True, editable=False)
    window_starts_on = models.DateField("利用可能期間の初日", null=True, editable=False)
    window_ends_on = models.DateField("利用可能期間の最終日", null=True, editable=False)

    history = HistoricalRecords(
        related_name="history_rows",
        excluded_fields=[
            "interview_due_on", "pace_months", "suggested_months", "last_met_on",
            "appointment_on", "refused_on", "window_starts_on", "window_ends_on", "is_erased",
        ],
    )  # fmt: skip
    objects = EnrolmentManager()
    every = models.Manager()

    class Meta:
        verbose_name = "利用"
        verbose_name_plural = "利用"
        ordering = ["pk"]
        constraints = [
            DateOrder(
                name="enrolment_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
            DateOrder(
                first="starts_on",
                last="use_starts_on",
                name="enrolment_use_after_start",
                violation_error_message="利用開始日は相談の開始日以後にしてください。",
            ),
            DateOrder(
                first="use_starts_on",
                last="ends_on",
                name="enrolment_end_after_use",
                violation_error_message="終了日は利用開始日以後にしてください。",
            ),
            NoOverlap(
                fields=["client", "office"],
                name="enrolment_no_overlap",
                violation_error_message="この方は、その期間すでにこの事業所に登録されています。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, end_reason="")
                | (Q(ends_on__isnull=False) & ~Q(end_reason="")),
                name="enrolment_end_has_reason",
                violation_error_message="終了日と終了の理由は一緒に入れてください。",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "interview_due_on"], name="enrolment_due"),
            models.Index(fields=["office", "window_ends_on"], name="enrolment_window_end"),
            # Whether somebody is with an office, asked for many people.
            models.Index(fields=["client", "office"], name="enrolment_of_client"),
            # Ends of a year, by people: the city's figures ask it for everybody of their wards.
            models.Index(
                fields=["client", "ends_on", "end_reason", "use_starts_on", "is_erased"],
                condition=Q(ends_on__isnull=False),
                name="enrolment_end_of_client",
            ),
        ]

    @property
    def is_cut_short(self) -> bool:
        """Whether a leaving ends the window, and not its three years."""
        return is_cut_short(self.window_starts_on, self.window_ends_on)

    @property
    def planned_end(self) -> date | None:
        """Last day of the three years, also where a leaving ends the window before it."""
        first = self.window_starts_on
        return three_years_from(first) if first and self.is_cut_short else self.window_ends_on

    def next_appointment(self, on: date) -> date | None:
        """The next day agreed with the person; one that has passed is none any more."""
        return self.appointment_on if self.appointment_on and self.appointment_on >= on else None

    def has_refused(self, on: date) -> bool:
        """`EnrolmentQuerySet.refused_q` for a row at hand."""
        first = Month.of(on).first_day
        was_met = self.last_met_on is not None and self.last_met_on >= first
        return self.refused_on is not None and first <= self.refused_on <= on and not was_met

    def is_late(self, on: date) -> bool:
        """`EnrolmentQuerySet.late_q` for a row at hand."""
        has_passed = self.interview_due_on is not None and self.interview_due_on < on
        return has_passed and not self.has_refused(on)

    def pace_on(self, on: date) -> int | None:
        """The interval in months on a day: a missed date brings it back to monthly."""
        is_late = self.interview_due_on is not None and self.interview_due_on < on
        return 1 if is_late and self.pace_months else self.pace_months


class StaffAssignmentQuerySet(models.QuerySet["StaffAssignment"]):
    """Who is in charge. Every reader comes in by one of these (a test looks)."""

    @staticmethod
    def in_charge_q(on: date, prefix: str = "") -> Q:
        """In charge on `on`: the period holds it, and it was not taken back.

        `prefix` reaches over a relation: "assignments__".
        """
        return in_force(on, prefix) & Q(**{f"{prefix}undone_at__isnull": True})

    def standing(self) -> StaffAssignmentQuerySet:
        """What holds: not taken back with the hand-over that it belonged to."""
        return self.filter(undone_at=None)

    def in_charge(self, on: date) -> StaffAssignmentQuerySet:
        """Those in charge on `on`: one for each enrolment at most."""
        return self.filter(self.in_charge_q(on))

    def with_undone(self) -> StaffAssignmentQuerySet:
        """All that was ever recorded, for who shows or counts what was taken back as such."""
        return self.all()


class StaffAssignment(RecordedModel):
    """担当 the member of staff in charge of an enrolment, for a period.

    What was taken back stays, with who did it and when; it holds no day of anybody's.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.CASCADE,  # part of the enrolment
        related_name="assignments",
        verbose_name="利用",
    )
    staff = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who was in charge stays known
        related_name="assignments",
        verbose_name="担当者",
    )
    starts_on = models.DateField("担当開始日")
    ends_on = models.DateField("担当終了日", null=True, blank=True)
    move = models.ForeignKey(
        CaseMove,
        on_delete=models.PROTECT,  # taking it back is an action of its own
        null=True,
        editable=False,
        related_name="assignments",
        verbose_name="引き継ぎ",
    )
    note = models.TextField("この人についてのメモ", max_length=1000, blank=True)
    undone_at = models.DateTimeField("取り消した日時", null=True, blank=True, editable=False)
    undone_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # as above
        null=True,
        editable=False,
        related_name="+",
        verbose_name="取り消した人",
    )

    objects = StaffAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "担当"
        verbose_name_plural = "担当"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="assignment_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
            NoOverlap(
                fields=["enrolment"],
                condition=Q(undone_at__isnull=True),
                name="assignment_no_overlap",
                violation_error_message="担当の期間が重なっています。",
            ),
            Together(
                fields=("undone_at", "undone_by"),
                name="assignment_undone_by",
                violation_error_message="取消しには、日時と人が要ります。",
            ),
        ]
