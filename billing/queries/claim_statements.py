"""請求する方: closed months as the statements, records and cap sheets of a claim, or why not.

What stands in the closed month is taken as it stands; the other facts are read as of the month.
Whoever lacks one is named with the field and the reason, and left out: nothing is invented or cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from billing.kokuhoren.fields import ValueDoesNotFit
from billing.kokuhoren.statement import CapSheet, Invoice, ServiceRecord, Statement
from billing.kokuhoren.writer import Others, cap_lines, claim_lines, record_lines
from billing.models import PersonMonth
from billing.queries.city_words import refusal_of
from billing.queries.claim_notes import note_of
from billing.queries.claim_parts import (
    ClaimFacts,
    cap_sheet,
    name_of,
    record,
    statement,
)
from billing.queries.claim_rows import ClaimRow, claim_rows, terms_in
from billing.queries.claim_setting import (
    ClaimChoice,
    claim_choice,
    files_that_went,
    others_of_file,
)
from billing.queries.differences import DifferingMonth, fresh_differences
from billing.queries.service_codes import MonthCodes, month_codes
from billing.rules.binder import lack_of_meeting
from billing.rules.contracted_amount import contracted_days
from billing.tariffs import TariffError
from plans.rules.month import MonthFacts
from teikyaku.accounts.models import Office
from teikyaku.periods import Month

_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Lack:
    """What keeps a person out of the file: the field, why, and where it is mended ("": elsewhere)."""

    field: str
    reason: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ClaimPerson:
    """One closed month: with `lacks` it stays out of the file, without it has all its parts."""

    person_month_id: int
    person_month: UUID
    client: UUID
    name: str
    kana: str
    municipality: str
    lacks: tuple[Lack, ...]
    statement: Statement | None
    record: ServiceRecord | None
    cap_sheet: CapSheet | None
    """Only where this office manages the cap."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MunicipalitySums:
    """請求書 of one municipality, with its name. Money in yen."""

    name: str
    invoice: Invoice


@dataclass(frozen=True, slots=True)
class ClaimMonth:
    """What would go into the files of one office and month."""

    month: Month
    people: tuple[ClaimPerson, ...]
    left_out: tuple[ClaimPerson, ...]
    is_sample: bool
    problem: str = ""
    """Why no file can be written at all."""
    choice: ClaimChoice = field(default_factory=ClaimChoice)
    others: Others = field(default_factory=dict)
    """What other services come to, where J111 is to hold them too."""
    went: tuple[str, ...] = ()
    """Names of the claim files of the month that stand: a further J111 holds this service alone."""

    @property
    def statements(self) -> list[Statement]:
        """J121, in the order of the file."""
        return [each.statement for each in self.people if each.statement]

    @property
    def records(self) -> list[ServiceRecord]:
        """J611."""
        return [each.record for each in self.people if each.record]

    @property
    def cap_sheets(self) -> list[CapSheet]:
        """J411, of those whose cap is managed here."""
        return [each.cap_sheet for each in self.people if each.cap_sheet]

    @property
    def sums(self) -> list[MunicipalitySums]:
        """J111, by municipality."""
        found: dict[str, MunicipalitySums] = {}
        for each in self.people:
            if each.statement is None:
                continue
            code = each.statement.municipality
            before = found.get(code)
            invoice = before.invoice if before else Invoice(self.month, code)
            found[code] = MunicipalitySums(
                each.municipality, invoice.with_statement(each.statement)
            )
        return list(found.values())

    @property
    def whole_sums(self) -> list[MunicipalitySums]:
        """J111 of the municipalities whose other services stand in it too."""
        return [
            MunicipalitySums(
                each.name,
                each.invoice.with_others(
                    self.others.get((self.month, each.invoice.municipality), ())
                ),
            )
            for each in self.sums
            if (self.month, each.invoice.municipality) in self.others
        ]

    @property
    def unaccounted(self) -> list[MunicipalitySums]:
        """Of whom J111 would hold this service alone, though nobody has said so: asked about first.

        Also where a file went before: of one municipality and month a second J111 is refused.
        """
        if not self.choice.with_others:
            return []
        return [
            each for each in self.sums if (self.month, each.invoice.municipality) not in self.others
        ]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth a look about those who are in the file."""
        return tuple(f"{each.name}：{each.note}" for each in self.people if each.note)


def claim_month(office: Office, month: Month, on: date) -> ClaimMonth:
    """Everybody of the closed month who stands in no claim yet, as known on `on`."""
    try:
        codes = month_codes(month)
    except TariffError as error:
        return ClaimMonth(month, (), (), is_sample=False, problem=str(error))
    choice = claim_choice(office)
    everybody = list(claim_people(office, month, on, codes, omits_names=choice.omits_names))
    is_sample = codes.is_sample
    went = files_that_went(office, month)
    return ClaimMonth(
        month=month,
        people=tuple(each for each in everybody if not each.lacks),
        left_out=tuple(each for each in everybody if each.lacks),
        is_sample=is_sample,
        choice=choice,
        others=others_of_file(office, month) if choice.with_others and not went else {},
        went=went,
    )


def claim_people(
    office: Office, month: Month, on: date, codes: MonthCodes, *, omits_names: bool = False
) -> Iterator[ClaimPerson]:
    """One value for each unclaimed closed month, in the order of the file, chunk by chunk."""
    terms = terms_in(office, month)
    fresh = {row.person_month: row for row in fresh_differences(office, on, month=month)}
    for each in claim_rows(office, month, on):
        facts = ClaimFacts(month, terms, codes, omits_names)
        yield _person(office, each, facts, fresh.get(each.row.public_id))


def _person(
    office: Office, each: ClaimRow, facts: ClaimFacts, fresh: DifferingMonth | None
) -> ClaimPerson:
    """`fresh`: how the month differs by what was told since its close, if it does."""
    row = each.row
    lacks = list(_lacks(each, facts))
    if fresh and not lacks:  # another lack says the same in its own words
        lacks.append(_lack_of_difference(fresh))
    parts: tuple[Any, Any, Any] = (None, None, None)
    if not lacks:
        own = statement(each, facts)
        parts = (own, record(each, facts), cap_sheet(each, own))
        lacks += _not_fitting(office, row, *parts)
    return ClaimPerson(
        person_month_id=row.pk,
        person_month=row.public_id,
        client=row.client.public_id,
        name=name_of(each),
        kana=each.support.kana if each.support else "",
        municipality=row.municipality.current.full_name,
        lacks=tuple(lacks),
        statement=parts[0],
        record=parts[1],
        cap_sheet=parts[2],
        note=note_of(each, facts),
    )


# --- What is missing -----------------------------------------------------------------------------


def _lacks(each: ClaimRow, facts: ClaimFacts) -> Iterator[Lack]:
    row, support = each.row, each.support
    page = reverse("person_month_page", args=[row.public_id])
    number = row.certificate_number
    if not (len(number) == _DIGITS and number.isascii() and number.isdigit()):
        yield Lack("受給者証番号", f"「{number}」は数字10桁ではありません。", page)
    yield from _lacks_of_answer(each)
    yield from _lacks_of_correction(each)
    yield from _lacks_of_terms(row, facts)
    yield from _lacks_of_codes(row, facts)
    yield from _lacks_of_contracts(each, facts)
    if each.first_used_on is None:
        yield Lack("開始年月日", "利用を始めた日の記録がありません。", _client(row))
    if support is None:
        yield Lack("サービス提供月", "いまの記録では、この月に利用がありません。", _client(row))
        return
    if not support.facts.qualifying_meetings:
        yield _lack_of_meeting(row, support.facts)
    yield from _lacks_of_report(each, facts.month)
    if row.cap_result and row.cap_result.is_made_here and not row.cap_result.lines.all():
        yield Lack("上限額管理結果票", "結果票の行がありません。", page)


def _lack_of_meeting(row: PersonMonth, facts: MonthFacts) -> Lack:
    """In the words of くいちがい; nothing was sent yet, so that the month is compared and withdrawn."""
    found = lack_of_meeting(facts, was_met=False)
    why = found.text if found else "算定できる面談が、いまの記録にはありません。"
    step = "面談の記録が正しければ、締めた月を取り下げます。"
    return Lack("利用日数", f"{why}{step}", reverse("month_correct", args=[row.public_id]))


def _lacks_of_answer(each: ClaimRow) -> Iterator[Lack]:
    """What the municipality refuses is not claimed: nothing was sent yet, so the month is withdrawn."""
    if refused := refusal_of(each.city):
        url = reverse("month_correct", args=[each.row.public_id])
        yield Lack("市町村の回答", f"{refused}　締めた月を取り下げます。", url)


def _lack_of_difference(fresh: DifferingMonth) -> Lack:
    """What is known to be wrong is not sent: a month that was never sent is issued anew, or withdrawn."""
    found = fresh.found
    what = "".join((*found.changes, *(reason.text for reason in found.reasons)))
    step = "取り下げます" if found.reasons else "正しい内容で出し直すと、入ります"
    if found.is_held:
        step = "足りないものをそろえてから、もう一度くらべます"
    why = f"（{'、'.join(fresh.causes)}）" if fresh.causes else ""
    reason = f"締めたあとに、くいちがいが出ました{why}。{what}{step}。"
    return Lack("締めた月の内容", reason, reverse("month_correct", args=[fresh.person_month]))


def _lacks_of_report(each: ClaimRow, month: Month) -> Iterator[Lack]:
    """Of somebody who died, the day comes from the municipality: no report can be handed any more."""
    if each.report_day is not None or each.support is None:
        return
    label, key = "支援レポート共有日", [each.row.enrolment.public_id, month]
    if each.support.facts.has_died:
        reason = (
            "亡くなった方で、本人に渡した日の記録がありません。"
            "実績記録票に書く日を市町村に聞いて、市町村の回答に入れてください。"
        )
        yield Lack(label, reason, reverse("city_answer", args=key))
    else:
        yield Lack(
            label, "本人に渡した日の記録が、いまはありません。", reverse("report_page", args=key)
        )


FORMER_CLAIM = "前の請求"


def _lacks_of_correction(each: ClaimRow) -> Iterator[Lack]:
    """再請求 goes in once the municipality has been asked to take the old claim back."""
    state = each.correction
    if state is None:
        return
    url = reverse("petition_record", args=[state.correction.public_id])
    if state.claimed_in and each.processed and each.processed <= state.claimed_in:
        # 国保連 takes the old claim back and lets the new one in by months: not in the first one's own.
        # What to do is said once above all of them: the files stand on the same page.
        reason = f"前の請求のファイルも{state.claimed_in.label}の処理分です。"
        yield Lack(FORMER_CLAIM, reason, "#files")
    elif state.needs_petition:
        reason = "前の請求が国保連に残っています。過誤申立の日を記録すると、再請求に入ります。"
        yield Lack("過誤申立", reason, url)
    elif state.claim_month and each.processed and each.processed < state.claim_month:
        reason = f"市町村が決めた再請求の月（{state.claim_month.label}の処理分）を待っています。"
        yield Lack("再請求する処理月", reason, url)


def _lacks_of_terms(row: PersonMonth, facts: ClaimFacts) -> Iterator[Lack]:
    if facts.terms is None:
        reason = "この月の級地と単価がありません。システム管理者に登録を頼んでください。"
        yield Lack("地域区分", reason)
    elif facts.terms.unit_price != row.unit_price:
        reason = (
            f"いまの登録の単価は{facts.terms.unit_price}円ですが、{row.unit_price}円で締めています。"
            "級地が正しいか、システム管理者に確かめてください。"
        )
        yield Lack("地域区分", reason)


def _lacks_of_codes(row: PersonMonth, facts: ClaimFacts) -> Iterator[Lack]:
    ask = "サービスコード表にコードがありません。システム管理者に取り込みを頼んでください。"
    for name in facts.codes.missing_of(row.lines.all()):
        yield Lack("サービスコード", f"「{name}」：{ask}")
    if not facts.decided_code:
        yield Lack("決定サービスコード", ask)


def _lacks_of_contracts(each: ClaimRow, facts: ClaimFacts) -> Iterator[Lack]:
    enrolment = each.row.enrolment.public_id
    if not each.contracts:
        yield Lack("契約", "この月の契約の記録がありません。", _client(each.row))
    for contract in each.contracts:
        if contracted_days(contract.contracted_amount, facts.month) is not None:
            continue
        words = contract.contracted_amount
        shown = f"「{words}」から、日数が読み取れません。" if words else "空欄です。"
        url = reverse("contract_correct", args=[enrolment, contract.public_id])
        yield Lack("契約支給量", f"{shown}「23日」「当該月の日数」のように書きます。", url)


def _not_fitting(
    office: Office,
    row: PersonMonth,
    own: Statement,
    days: ServiceRecord,
    sheet: CapSheet | None,
) -> Iterator[Lack]:
    """What the file cannot hold: the first field of each record, with the value."""
    later = own.month + 1
    writers: list[tuple[Any, Iterable[Any]]] = [
        (claim_lines, [own]), (record_lines, [days]), (cap_lines, [sheet] if sheet else []),
    ]  # fmt: skip
    for write, parts in writers:
        if not parts:
            continue
        try:
            for _line in write(office.number, later, parts):
                pass
        except ValueDoesNotFit as error:
            url = _client(row) if "カナ" not in error.field else _names(row)
            yield Lack(error.field, f"「{error.value}」：{error.reason}", url)
            return


def _client(row: PersonMonth) -> str:
    return reverse("client_page", args=[row.client.public_id])


def _names(row: PersonMonth) -> str:
    return reverse("client_facts", args=[row.client.public_id])
