"""始め方: what an office that moves in still has to do, each with its state and where it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import OfficeTier
from billing.queries.opening_claims import opening_claims
from billing.queries.opening_invoice import opening_invoices
from billing.queries.survivors import lacks_of_rate
from clients.models import Enrolment
from clients.queries.retention_before import told_before
from plans.models import Interview, MoveIn
from plans.queries.move_in import waiting_q
from teikyaku.accounts.models import Membership, Office, OfficeStart
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.accounts.roles import Permission, Role
from teikyaku.desk.queries.start_asks import StartStep, ends_step, plans_step
from teikyaku.desk.queries.start_figures import figures_step
from teikyaku.money import yen
from teikyaku.periods import fiscal_year, in_force

INVOICES, CLAIMS = "invoices", "claims"


@dataclass(frozen=True, slots=True)
class OfficeGuide:
    """The steps in their order."""

    steps: tuple[StartStep, ...]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def is_done(self) -> bool:
        """Nothing is left."""
        return self.done == len(self.steps)

    @property
    def next_step(self) -> StartStep | None:
        """The first that is not done."""
        return next((step for step in self.steps if not step.is_done), None)


def guide_on_home(membership: Membership, on: date) -> OfficeGuide | None:
    """The guide for the home of who answers for an office that moves in; None where it is not shown.

    Shown from the first day of an office without people on, or once it told its first month here,
    until all is done or it was put away (one query where it is not shown).
    """
    if membership.office_id is None or not membership.may(Permission.OFFICE_SETTINGS):
        return None
    people = Enrolment.objects.filter(office=OuterRef("pk"))
    begins = Q(start__isnull=False, start__put_away_at=None) | Q(start=None) & ~Exists(people)
    office = Office.objects.filter(begins, pk=membership.office_id).first()
    if office is None:
        return None
    found = office_guide(office, on)
    return None if found.is_done else found


def office_guide(office: Office, on: date) -> OfficeGuide:
    """All steps as they stand on `on` (about ten queries)."""
    return OfficeGuide(tuple(_steps(office, on)))


def _steps(office: Office, on: date) -> Iterator[StartStep]:
    yield _facts(office, on)
    yield _staff(office, on)
    yield _tier(office, on)
    answered = _answered(office)
    yield figures_step(on, answered)
    first = first_month_here(office)
    yield StartStep(
        _("ここで請求する最初の月"),
        first.label if first else _("まだ決めていません。前の月は、未請求や期限切れに数えません。"),
        first is not None, reverse("first_month"), _("変える") if first else _("決める"),
    )  # fmt: skip
    count = Enrolment.objects.filter(office=office).in_use(on).count()
    yield _people(office, count)
    yield _openings(office, on, has_people=bool(count))
    yield plans_step(office, on, answered, has_people=bool(count))
    yield ends_step(office, on, answered, has_people=bool(count))
    yield _invoices(office, on, answered)
    yield _claims(office, answered)


def _facts(office: Office, on: date) -> StartStep:
    has_terms = office.terms.filter(in_force(on)).exists()
    wanted = {
        _("所在地"): office.address, _("電話番号"): office.phone, _("地域区分と単価"): has_terms,
    }  # fmt: skip
    missing = [label for label, value in wanted.items() if not value]
    text = (
        _("足りないもの：%(names)s") % {"names": "・".join(missing)}
        if missing
        else _("そろっています。")
    )
    return StartStep(
        _("事業所の情報"), text, not missing, reverse("office_settings"), _("届出を見る"),
        _("システム管理者") if missing else "",
    )  # fmt: skip


def _staff(office: Office, on: date) -> StartStep:
    staff = staff_of(office, on)
    wanted = (Role.SERVICE_MANAGER, Role.SUPPORT_WORKER)
    missing = [str(role.label) for role in wanted if not any(each.has_role(role) for each in staff)]
    text = _("%(n)s人が所属しています。") % {"n": len(staff)}
    if missing:
        text += _("%(roles)sがいません。") % {"roles": "・".join(missing)}
    return StartStep(
        _("職員の招待"), text, not missing, reverse("staff_list"), _("一覧から招待する")
    )


def _tier(office: Office, on: date) -> StartStep:
    year = fiscal_year(on)
    is_done = OfficeTier.objects.filter(office=office, fiscal_year=year).exists()
    text = (
        _("%(year)s年度の区分を確認しました。")
        if is_done
        else _("%(year)s年度の区分を、まだ確認していません。")
    )
    told = told_before(office, year)
    if told is None and lacks_of_rate(first_month_here(office), year):
        text += _("登録していない人の数は、就労定着率のページで入れられます。")
    return StartStep(
        _("就労定着率の区分"), text % {"year": year}, is_done,
        reverse("office_settings") if is_done else reverse("tier_confirm"),
        _("届出を見る") if is_done else _("確認する"),
    )  # fmt: skip


def _people(office: Office, count: int) -> StartStep:
    waiting = MoveIn.objects.filter(waiting_q(), office=office).count()
    text = (
        _("利用中の人が%(n)d人います。") % {"n": count}
        if count
        else _("まだだれも登録されていません。")
    )
    if waiting:
        text += _("確認を待っているファイルが%(n)dあります。") % {"n": waiting}
    return StartStep(
        _("利用者の移行"), text, bool(count) and not waiting, reverse("move_ins"),
        _("表から取り込む"),
    )  # fmt: skip


def _openings(office: Office, on: date, *, has_people: bool) -> StartStep:
    """Of nobody nothing lacks, and nothing is known either: the step waits for the people."""
    if not has_people:
        text = _("利用者が入ると、最後の面談日が分からない人がここに出ます。")
        return StartStep(_("移行時の事実"), text, False)
    count = without_opening(office, on).count()
    text = _("最後の面談日が分からない人が%(n)d人います。") % {"n": count}
    return StartStep(
        _("移行時の事実"), text if count else _("そろっています。"), not count,
        f"{reverse('office_start')}#openings" if count else "", _("見る") if count else "",
    )  # fmt: skip


def _answered(office: Office) -> Mapping[str, Any]:
    """What somebody said of the steps (one query)."""
    return (
        OfficeStart.objects.filter(office=office).values_list("answered", flat=True).first() or {}
    )


def _invoices(office: Office, on: date, answered: Mapping[str, Any]) -> StartStep:
    """移行前の請求 that people still owe."""
    told = opening_invoices(office, on)
    text = _("前の方法で出した請求書で、まだ入金されていないものがあれば、入れます。")
    if told:
        open_yen = sum(each.balance.open_yen for each in told)
        text = _("%(n)d件入っています。残り %(yen)s。") % {"n": len(told), "yen": yen(open_yen)}
    elif INVOICES in answered:
        text = _("移行前の請求はない、と答えています。")
    return _of_before(
        INVOICES, _("移行前の請求"), text, reverse("opening_invoices"), _("移行前の請求はない"),
        is_told=bool(told), answered=answered,
    )  # fmt: skip


def _claims(office: Office, answered: Mapping[str, Any]) -> StartStep:
    """移行前の国保連への請求 that 国保連 still owes."""
    told = opening_claims(office)
    text = _("前のソフトで国保連に請求して、まだ支払われていない月があれば、入れます。")
    if told:
        open_yen = sum(each.open_yen for each in told)
        text = _("%(n)dか月入っています。支払い待ち %(yen)s。") % {
            "n": len(told), "yen": yen(open_yen),
        }  # fmt: skip
    elif CLAIMS in answered:
        text = _("支払いを待っている月はない、と答えています。")
    return _of_before(
        CLAIMS, _("移行前の国保連への請求"), text, reverse("opening_claims"),
        _("支払いを待っている月はない"), is_told=bool(told), answered=answered,
    )  # fmt: skip


def _of_before(
    key: str,
    label: str,
    text: str,
    url: str,
    ask: str,
    *,
    is_told: bool,
    answered: Mapping[str, Any],
) -> StartStep:
    """A step about what was open at the move: nothing may be, and then somebody says so (`ask`)."""
    is_answered = key in answered
    return StartStep(
        label, text, is_told or is_answered, url, _("見る") if is_told else _("入れる"),
        key=key, ask="" if is_told else ask, is_answered=is_answered and not is_told,
    )  # fmt: skip


def without_opening(office: Office, on: date) -> QuerySet[Enrolment]:
    """Who used the service before the first month here, and of whom no meeting is known at all."""
    first = first_month_here(office)
    if first is None:
        return Enrolment.objects.none()
    met = Interview.objects.standing().filter(enrolment=OuterRef("pk"))
    return (
        Enrolment.objects.filter(office=office, use_starts_on__lt=first.first_day)
        .filter(in_force(on), ~Exists(met))
        .exclude(opening__last_met_on__isnull=False)
        .select_related("client")
        .order_by("pk")
    )
