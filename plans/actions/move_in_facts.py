"""移行の取込: the facts about a person that one line brings, each by the action of its own page."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from clients.actions.enrolment import assign_staff
from clients.actions.facts import add_fact
from clients.models import Disability, PriorService, Residence, StaffAssignment
from clients.rules.names import search_key
from plans.actions import life_change
from plans.actions.move_in_desk import Desk, at_fields
from plans.actions.move_in_opening import add_to_opening
from plans.actions.opening import record_opening
from plans.models import OpeningFacts
from plans.move_in_columns import label_of
from plans.move_in_kept import differs
from plans.rules.network_before import NONE
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.era import both
from teikyaku.periods import in_force

# Who leaves within so many days is told where they would be somebody's 担当.
LEAVES_SOON = timedelta(days=60)
# What the actions call a field, where the line has another name for it.
_SERVICE = {
    "starts_on": "service_from", "ends_on": "service_until", "kind": "service_kind",
    "office_name": "service_office",
}  # fmt: skip


def basics(desk: Desk) -> None:
    """Of somebody who is known: name and telephone number are told where they differ."""
    row, client = desk.row, desk.client
    if desk.is_new:
        return
    name = client.name_in_force(desk.on)
    if name is not None and search_key(name.name) != search_key(row.name):
        desk.told.differs.append(differs(_("氏名"), row.name, name.name))
    if row.phone and _digits(row.phone) != _digits(client.phone):
        desk.told.differs.append(differs(_("電話番号"), row.phone, client.phone))


def residence(desk: Desk) -> None:
    """Where the person lives, from the day of the import where nothing else is told."""
    row = desk.row
    if not row.address or row.lives_in is None:
        return
    starts_on = row.lives_from or desk.on
    known = None if desk.is_new else desk.client.residences.filter(in_force(desk.on)).first()
    if known is not None:
        if not known.is_protected and search_key(known.address) != search_key(row.address):
            desk.told.differs.append(differs(_("住所"), row.address, known.address))
        elif row.postal_code and not known.is_protected and row.postal_code != known.postal_code:
            desk.told.differs.append(
                differs(label_of("postal_code"), row.postal_code, known.postal_code)
            )
        return
    with at_fields(Residence, starts_on="lives_from", municipality="lives_in"):
        fact = Residence(
            client=desk.client, municipality=row.lives_in, address=row.address,
            postal_code=row.postal_code, starts_on=starts_on,
        )  # fmt: skip
        add_fact(fact, verb="residence_recorded", **desk.who)
    if starts_on <= desk.on:
        desk.told.stored |= {"lives_in", "lives_from"}
    desk.told.added.append(_("住所 %(where)s（%(on)sから）") % {
        "where": row.lives_in.full_name, "on": both(starts_on)
    })  # fmt: skip


def disabilities(desk: Desk) -> None:
    """Each kind that is not on file yet."""
    row = desk.row
    known = set() if desk.is_new else set(desk.client.disabilities.values_list("kind", flat=True))
    starts_on = row.disabled_from or row.granted_from or desk.on
    for kind in row.disabilities:
        if kind in known:
            continue
        with at_fields(Disability, starts_on="disabled_from", kind="disabilities"):
            fact = Disability(client=desk.client, kind=kind, starts_on=starts_on)
            add_fact(fact, verb="disability_recorded", **desk.who)
        desk.told.stored.add("disabled_from")
        label = Disability.Kind(kind).label
        desk.told.added.append(_("障害種別 %(kind)s") % {"kind": label})


def service(desk: Desk) -> None:
    """The service used before the job."""
    row = desk.row
    if not row.service_kind or row.service_from is None:
        return
    known = [] if desk.is_new else list(desk.client.prior_services.all())
    if any((each.kind, each.starts_on) == (row.service_kind, row.service_from) for each in known):
        return
    # Who came back has used a service again, after the job of before.
    is_further = desk.is_opened and all(
        (each.ends_on is not None and each.ends_on < row.service_from)
        or (row.service_until is not None and row.service_until < each.starts_on)
        for each in known
    )
    until = row.service_until or row.service_from
    if known and row.is_service_assumed and not (
        desk.is_opened and all(until < each.starts_on for each in known)
    ):  # fmt: skip
        # What is on file is better known than an answer for all; a use of before had its own.
        return
    if known and not is_further:
        desk.told.differs.append(_("就職前のサービスが登録とちがいます（変えません）"))
        return
    with at_fields(PriorService, rest="service_from", **_SERVICE):
        fact = life_change.add_prior_service(
            client=desk.client, kind=row.service_kind, office_name=row.service_office,
            starts_on=row.service_from, ends_on=row.service_until,
            is_provisional=row.is_service_assumed, **desk.who,
        )  # fmt: skip
    desk.told.stored |= {"service_office", "service_until"}
    text = _("就職前のサービス %(kind)s") % {"kind": fact.get_kind_display()}
    if row.is_service_assumed:
        is_one_day = row.service_from == row.service_until
        text += _("（仮の記録：日付は就職日の前日）") if is_one_day else _("（仮の記録）")
    desk.told.added.append(text)


def opening(desk: Desk) -> None:
    """Last meeting, pace and months without a plan of before."""
    row = desk.row
    before = row.network_months
    held = None if desk.is_new else OpeningFacts.objects.filter(enrolment=desk.enrolment).first()
    if held is not None:
        known = held.last_met_on
        if known is not None and row.last_met_on not in (None, known):
            desk.told.differs.append(differs(_("最後の面談日"), both(row.last_met_on), both(known)))
        add_to_opening(desk, held, _met_before(desk) if known is None else None)
        return
    if row.last_met_on is None and row.without_plan_since is None and before == NONE:
        return
    last_met_on = _met_before(desk)
    if last_met_on is None and row.without_plan_since is None and before == NONE:
        return
    # Without the last meeting nothing is counted from it.
    pace, settled = (row.pace_months, row.settled) if last_met_on else (None, None)
    with at_fields(OpeningFacts, rest="last_met_on", settled_meetings="settled"):
        record_opening(
            enrolment=desk.enrolment, last_met_on=last_met_on, pace_months=pace or 1,
            settled_meetings=settled or 0, without_plan_since=row.without_plan_since,
            network_months=before.text, network_count=before.unknown, **desk.who,
        )  # fmt: skip
    desk.told.stored.add("without_plan_since")
    if last_met_on is not None:
        desk.told.stored |= {"pace_months", "settled"}
        desk.told.added.append(_("最後の面談 %(on)s") % {"on": both(last_met_on)})
    if before != NONE:
        desk.told.added.append(_("前に算定した地域連携会議 %(words)s") % {"words": before.words})


def _met_before(desk: Desk) -> date | None:
    """The last meeting, where it lies before the first month billed here; else it is told what to do."""
    met_on, first_here = desk.row.last_met_on, first_month_here(desk.enrolment.office)
    if met_on is not None and met_on > desk.on:
        desk.told.left["last_met_on"] = _(
            "まだ来ていない日付です。会った日なら年と日を直し、これからの予定なら空欄にしてください。"
        )
        return None
    if met_on is None or first_here is None or met_on < first_here.first_day:
        return met_on
    text = _(
        "ここで請求する最初の月（%(month)s）からの面談は、この列では入れません。取り込んだあと、その人のページで"
        "面談の記録として入れてください。ここに入れるのは、その前の最後の面談日です。"
    )
    desk.told.left["last_met_on"] = text % {"month": first_here.label}
    return None


def staff(desk: Desk) -> None:
    """Who is in charge from the day of the import on, where nobody is."""
    member, ended_on = desk.row.staff, desk.row.ended_on
    if member is None or (ended_on is not None and ended_on < desk.on):
        return
    held = StaffAssignment.objects.in_charge(desk.on).filter(enrolment=desk.enrolment)
    known = None if desk.is_new else held.select_related("staff__user").first()
    if known is not None:
        if known.staff.user_id != member.user_id:
            desk.told.differs.append(differs(_("担当"), member.user.name, known.staff.user.name))
        return
    with at_fields(StaffAssignment, rest="staff", starts_on="staff"):
        assign_staff(enrolment=desk.enrolment, staff=member, starts_on=desk.on, **desk.who)
    desk.told.added.append(_("担当 %(who)s") % {"who": member.user.name})
    _look_at_leaver(desk, member)


def _look_at_leaver(desk: Desk, member: Membership) -> None:
    """Who leaves soon should be nobody's 担当 from today on without a word."""
    last = member.ends_on
    if last is None or last > desk.on + LEAVES_SOON:
        return
    text = _(
        "担当の%(who)sさんの所属は、%(on)sまでです。そのあとの担当なら、その人に直してください。"
    )
    desk.told.warns.append(text % {"who": member.user.name, "on": both(last)})
    desk.told.asks.append("staff")


def _digits(text: str) -> str:
    return "".join(mark for mark in text if mark.isdigit())
