"""One person with a row in every model that can hold something of a person, marked in every text.

The marks tell whose file a value belongs to. A model that is classified nowhere fails a test.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection, models

from clients.models import Client, Enrolment
from teikyaku.clock import at_noon
from teikyaku.ids import new_public_id
from teikyaku.scans import store
from tests.cast import Cast, make_centre
from tests.desk.whose import CORE, NOBODY, OFFICE, WARD

OURS = ("accounts", "clients", "plans", "billing")
# Marked as the ward's where the ward made it.
REFERRAL_TEXTS = (
    "centre_name", "why", "handed_over", "outcome_note", "follow_up_note", "withdrawn_reason",
)  # fmt: skip
# Texts that cannot be marked: a check on them allows nothing else, or they are too short.
UNMARKED = {
    ("clients.Attachment", "withdrawn_reason"), ("clients.Attachment", "content_type"),
    ("clients.OtherSupport", "subsidised_months"),
}  # fmt: skip
SHORTEST = 8


def classified() -> set[str]:
    """Every model that has its place."""
    return {*OFFICE, *WARD, *CORE, *NOBODY}


def our_models() -> list[Any]:
    """Every model of ours; histories go with their model."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS and not model.__name__.startswith("Historical")
    ]


def marked_fields(model: Any) -> list[models.Field[Any, Any]]:
    """The fields of a model that take a text of one's own."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not field.choices
        and (field.max_length or SHORTEST) >= SHORTEST
        and (model._meta.label, field.name) not in UNMARKED
    ]


class Planter:
    """Plants one person, of the cast's office and ward, whose service ended long ago."""

    def __init__(self, cast: Cast, letters: str, *, ended_on: date, month: date) -> None:
        """`letters`: two that are this person's own."""
        self.cast, self.letters, self.ended_on, self.month = cast, letters, ended_on, month
        self.at = at_noon(date(2015, 4, 1))
        self.count = 0
        self.rows: dict[str, Any] = {}
        self.names: list[str] = []

    def mark(self, owner: str) -> str:
        """A text of 8 letters that is found again: `zq`, the person, the owner (o, w, c), a number."""
        self.count += 1
        return f"zq{self.letters}{owner}{self.count:03d}"

    def plant(self, label: str, **given: Any) -> Any:
        """One row with a mark in every text that `given` does not say."""
        model = apps.get_model(label)
        owner = "o" if label in OFFICE else "w" if label in WARD else "c"
        values = {
            field.name: self._value(model, field, owner)
            for field in model._meta.local_concrete_fields
            if not field.primary_key and field.name not in given
        }
        row = model(**{**values, **given})
        row._history_date = self.at
        row.save()
        self.rows[label] = row
        return row

    def _value(self, model: Any, field: Any, owner: str) -> Any:
        if field.name == "recorded_by":
            return self.cast.members["officer" if owner == "w" else "worker"]
        if field in marked_fields(model):
            mark = self.mark(owner)
            return [mark] if isinstance(field, models.JSONField) else mark
        if field.null:
            return None
        if field.is_relation:
            return self.rows[field.related_model._meta.label]
        return self._plain(field)

    def _plain(self, field: Any) -> Any:
        """A value that says nothing."""
        if field.choices:
            return field.choices[0][0]
        for kind, value in (
            (models.DateTimeField, self.at),
            (models.DateField, date(2015, 4, 1)),
            (models.UUIDField, new_public_id()),
            (models.CharField, ""),
            (models.TextField, ""),
        ):
            if isinstance(field, kind):
                return value
        return field.default if field.has_default() else 1

    def everything(self) -> Client:
        """The person, with everything on file."""
        cast, rows = self.cast, self.rows
        rows["accounts.Office"] = cast.office
        rows["accounts.Municipality"] = cast.wards[2]
        rows["accounts.Membership"] = cast.members["worker"]
        rows["accounts.User"] = cast.user("worker")
        rows["clients.Organisation"] = self._organisation()
        person: Client = self.plant("clients.Client", birth_date=date(1980, 1, 1))
        self._core()
        self._ward(person)
        self._office(person)
        self._money()
        return person

    def _organisation(self) -> Any:
        model = apps.get_model("clients.Organisation")
        return model.objects.get_or_create(kind="consultation", name="相談 架空")[0]

    def _core(self) -> None:
        self.plant("clients.ClientName")
        self.plant("clients.Residence")
        self.plant("clients.HouseholdFact", first_month=date(2015, 4, 1))
        self.plant("clients.Disability")
        self.plant("clients.RelatedPerson", recorded_by=self.cast.members["officer"])
        self.plant("clients.PriorService")
        employer = apps.get_model("clients.Employer")
        self.rows["clients.Employer"] = employer.objects.get_or_create(name="架空商店")[0]
        self.plant("clients.Employment", ends_on=self.ended_on)
        self.plant("clients.Leave", ends_on=date(2015, 5, 1))
        self.plant("clients.OtherSupport", kind="centre", subsidised_months=[],
                   withdrawn_at=self.at, withdrawn_by=self.cast.members["worker"])  # fmt: skip
        self.plant("clients.Screening", recorded_by=self.cast.members["officer"])
        self.plant("clients.RecipientNumber", number=f"zq{self.letters}c0_{self.count:03d}"[:10])

    def _ward(self, person: Client) -> None:
        officer = self.cast.members["officer"]
        answered = {"outcome_by": officer, "outcome_at": self.at}
        self.plant("plans.Application", outcome="granted", outcome_on=date(2015, 5, 1), **answered)
        self.plant("plans.ApplicationDocument")
        self.plant("plans.CompletionRequest", answered_on=date(2015, 4, 20))
        self.plant("plans.Survey")
        self.plant("plans.ServiceUsePlan", author="self")
        self.plant("plans.PendingGrant", outcome="returned", **answered)
        self.plant(
            "plans.Decision", ends_on=self.ended_on, granted_until=self.ended_on,
            revoked_on=self.ended_on, application=self.rows["plans.Application"],
        )  # fmt: skip
        self.plant("plans.Certificate")
        self.plant("plans.CapPeriod", first_month=date(2015, 4, 1), last_month=date(2018, 3, 1))
        self.plant(
            "accounts.IssuedDocument", person_id=person.public_id, issued_by=officer,
            number=self.mark("w"), content=[self.mark("w")], kind=self.mark("w"),
            template=self.mark("w"), digest=self.mark("w"),
        )  # fmt: skip
        self.plant("plans.WardPaper", kind="grant_notice", decision=self.rows["plans.Decision"])
        self.plant(
            "plans.FileTransfer", from_municipality=self.cast.wards[0],
            to_municipality=self.cast.wards[2], outcome="declined", **answered,
        )  # fmt: skip
        self.plant(
            "clients.Referral", municipality=self.cast.wards[2], recorded_by=officer,
            follow_up="", consented_on=date(2015, 4, 1), withdrawn_at=self.at, withdrawn_by=officer,
            **{name: self.mark("w") for name in REFERRAL_TEXTS},
        )  # fmt: skip

    def _office(self, person: Client) -> None:
        at, worker = self.at, self.cast.members["worker"]
        enrolment: Enrolment = self.plant(
            "clients.Enrolment", use_starts_on=date(2015, 4, 1), ends_on=self.ended_on,
            end_reason="expired",
        )  # fmt: skip
        self.plant("clients.CaseMove", to_staff=worker)
        self.plant(
            "clients.StaffAssignment", move=self.rows["clients.CaseMove"], ends_on=self.ended_on
        )
        self._attachment()
        self.plant("clients.Consent")
        self.plant("plans.Proposal", kind="address", starts_on=date(2016, 4, 1), state="refused",
                   municipality=self.cast.wards[1], recorded_by=worker)  # fmt: skip
        self.plant("plans.ProposalStep")
        self.plant("plans.Contract")
        signer = self.plant("clients.RelatedPerson", name=self.mark("o"), kana=self.mark("o"),
                            phone=self.mark("o"), postal_code=self.mark("o"),
                            address=self.mark("o"), kind="parent")  # fmt: skip
        self.plant("plans.SupportPlan", signer="representative", representative=signer,
                   consultation="", consultation_on=None, stopped_on=date(2016, 4, 1))  # fmt: skip
        self.plant("plans.SupportPlanGoal")
        self.plant("accounts.IssuedDocument", person_id=person.public_id, issued_by=worker)
        self.plant("plans.SupportPlanPaper")
        first = self.plant("plans.Interview", outcome="absent", meeting_kind="", withdrawn_at=at,
                           withdrawn_by=worker)  # fmt: skip
        self.plant("plans.Interview", outcome="absent", meeting_kind="", replaces=first,
                   withdrawn_at=at, withdrawn_by=worker)  # fmt: skip
        self.plant("plans.NoteText")
        self.plant("plans.InterviewDraft")
        self.plant("plans.GoalRating")
        self.plant("plans.AppointmentChange")
        self.plant("plans.PaceDecision")
        self.plant("plans.InterviewDue", since=date(2015, 4, 1))
        self.plant("plans.OpeningFacts", pace_months=1, settled_meetings=0)
        self.plant("plans.SupportReport", month=date(2015, 4, 1))
        self.plant("plans.ReportVersion", number=2)
        self.plant("plans.ReportShare", taken_back_at=at, taken_back_by=worker,
                   consent=self.rows["clients.Consent"])  # fmt: skip
        self.rows["clients.Organisation"] = make_centre()
        self.plant("plans.Handover")
        self.plant("plans.HandoverRefusal")
        self.plant("accounts.IssuedDocument", person_id=person.public_id, issued_by=worker)
        self.plant("plans.HandoverPaper")
        self.plant("clients.WorkCheck", counted_on=date(2016, 3, 31), asked_on=date(2016, 4, 2))
        self.plant("plans.Escalation", due_on=date(2015, 6, 30))
        self.plant("accounts.OutboxMail", kind="digest", period=f"p{self.letters}{self.count}", subject="知らせ",
                   sent_at=at)  # fmt: skip
        self.plant("plans.ReminderMention")
        self.plant("plans.EndNotice", kind="window", stage="1m")
        self.plant("clients.KeepingHold", office=self.cast.office, lifted_at=at, lifted_by=worker)
        self.plant("plans.ExpirySettlement", office=self.cast.office, client=person, kind="consent",
                   undone_at=at, undone_by=worker)  # fmt: skip
        self.plant("clients.Referral", office=self.cast.office, follow_up="", consented_on=date(2015, 4, 1),
                   withdrawn_at=at, withdrawn_by=worker)  # fmt: skip
        assert enrolment.client == person

    def _attachment(self) -> None:
        bodies = [self.mark("o").encode() for _each in range(3)]
        names = [store.write(body, "jpg") for body in bodies]
        self.names = names
        self.plant("clients.Attachment", file=names[0], picture=names[1], thumbnail=names[2],
                   withdrawn_reason="", subject_type="", content_type="image/jpeg")  # fmt: skip

    def _paper(self) -> None:
        self.plant("accounts.IssuedDocument", person_id=self.rows["clients.Client"].public_id,
                   issued_by=self.cast.members["billing"])  # fmt: skip

    def _money(self) -> None:
        """One month that was closed with this person and one more in it: see the test."""
        self.rows["billing.MonthClosing"] = self.closing()
        self.plant("billing.CapResult", month=self.month, number=1, outcome="2", cap_yen=9300,
                   is_made_here=True, own_total_yen=1000, own_before_yen=100, own_after_yen=100)  # fmt: skip
        self.plant("billing.CapResultLine", position=1, rank="1_day", total_cost_yen=0, before_yen=0,
                   after_yen=0)  # fmt: skip
        taken_back = {"withdrawn_at": self.at, "withdrawn_by": self.cast.members["billing"]}
        self.plant("billing.MonthAnswer", first_month=self.month, **taken_back)
        self.plant("billing.CityAnswer", month=self.month, codes=[self.mark("k")], is_billable=True)
        self.plant("billing.Subsidy", first_month=self.month, amount=50, **taken_back)
        self.plant("billing.PersonMonth", month=self.month, units=100, unit_price="10.000",
                   total_cost_yen=1000, one_tenth_yen=100, cap_yen=9300, copayment_yen=100,
                   benefit_yen=900)  # fmt: skip
        self.plant("billing.PersonMonthLine", position=1, units=100, total_units=100)
        number = ord(self.letters[0])
        entries = []  # the first one cancels a sheet of the second
        for family in ("J411", "J111"):
            self.plant("billing.ClaimFile", month=self.month, processing_month=date(2018, 6, 1),
                       family=family, number=number, name=f"{family}{number:03d}.CSV", digest="")  # fmt: skip
            entries.append(self.plant("billing.ClaimFileEntry"))
        self.plant("billing.ClaimFileContent", content=self.mark("o").encode())
        self.plant("billing.ClaimReturn")
        self.plant("billing.ClaimReturnReason")
        self.plant("billing.CapSheetCancellation", entry=entries[0])
        self.plant("billing.CapSheetRevision", entry=entries[0])
        self.plant("billing.CapTelling")
        self.plant("billing.Invoice", amount_yen=0)
        self.plant("billing.OpeningInvoice")
        self._paper()
        self.plant(
            "billing.Invoice", amount_yen=100, month=self.month,
            person_month=self.rows["billing.PersonMonth"],
            document=self.rows["accounts.IssuedDocument"],
        )  # fmt: skip
        self.plant("billing.Payment", amount_yen=200)
        self.plant("billing.Refund", amount_yen=100)
        self.plant("billing.MonthCorrection")
        self.plant("billing.ErrorPetition")
        self._paper()
        self.plant("billing.Receipt")
        self.plant("billing.ClaimPayment", amount_yen=900)
        self.plant("billing.ClaimDeduction", amount_yen=900)
        self._paper()
        self.plant("billing.ProxyNotice")
        self._paper()
        self.plant("billing.NoticeWithdrawal")
        self._paper()
        self.plant("billing.PaymentReminder", office=self.cast.office)
        self.plant("billing.PaymentReminderLine", open_yen=100)
        self.plant("billing.DebitAccount", office=self.cast.office, bank_code="0001",
                   branch_code="001", number="1234567")  # fmt: skip
        self.plant("billing.DebitFile", office=self.cast.office, number=number, header="")
        self.plant("billing.DebitEntry", amount_yen=100, position=1)
        self.plant("billing.DebitResult")
        self.plant("billing.PaperDispatch")

    def closing(self) -> Any:
        """The run that froze the month, for all who are planted."""
        model = apps.get_model("billing.MonthClosing")
        known = model.objects.filter(office=self.cast.office, month=self.month).first()
        return known or model.objects.create(
            office=self.cast.office, month=self.month, closed_at=self.at,
            closed_by=self.cast.members["head"], tariff="r6", digest="",
        )  # fmt: skip


def everything_stored() -> dict[str, list[str]]:
    """Every table with its rows, all columns as text, in order."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(repr(tuple(map(_text, row))) for row in cursor.fetchall())
    return found


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def holding(mark: str) -> dict[str, list[str]]:
    """Tables in which a text stands, with the rows."""
    return {
        table: rows
        for table, every in everything_stored().items()
        if (rows := [row for row in every if mark in row.casefold()])
    }
