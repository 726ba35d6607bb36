"""変更 by the ward that took the file over: number, paper and caps are those of the new keeper."""

from django.urls import reverse

from plans.models import CapPeriod, Decision
from plans.queries.caps import set_by_others
from plans.queries.ward_papers import caps_on_paper
from teikyaku.clock import at_noon
from teikyaku.periods import Month, day_before
from tests.accounts.test_coming_and_going import enter
from tests.ward.conftest import ERROR
from tests.ward.test_corrections import correct
from tests.ward.test_decision_change import asks_for_change, sent, shown


def test_a_decision_that_passed_is_changed_by_the_ward_that_keeps_it(two):
    former = two.granted().decision
    Decision.objects.filter(pk=former.pk).update(passed_to=two.there)
    two.who = {"by": two.receiver, "at": at_noon(two.on)}
    enter(two.client, two.receiver)
    row = asks_for_change(two, former.client, two.there)
    day = (Month.of(two.on) + 1).first_day
    # The number stays with the file.
    assert shown(two, row)["number"] == "1234567899"
    answer = sent(two, row, starts_on=day.isoformat(), number="1234567898")
    assert answer.status_code == ERROR
    assert "1234567899" in str(answer.context["form"].errors["number"])
    first = str(Month.of(day))
    answer = sent(two, row, starts_on=day.isoformat(), cap_first_month=first, is_known="on")
    assert answer.status_code == 302, answer.context["form"].errors
    former.refresh_from_db()
    new = Decision.objects.get(application=row)
    assert (former.ends_on, former.passed_to) == (day_before(day), two.there)
    assert (new.municipality, new.certificates.get().recipient_number.number) == (
        two.there, "1234567899"
    )  # fmt: skip
    # The new ward's paper carries its own cap, and no month is left without one.
    old_cap, cap = CapPeriod.objects.filter(client=former.client).order_by("first_month")
    assert (old_cap.municipality, cap.municipality) == (former.municipality, two.there)
    assert (cap.first_month, cap.cap_yen) == (day, old_cap.cap_yen)
    assert [each.cap_yen for each in caps_on_paper(new.certificates.get())] == [9300]


def test_a_cap_of_the_former_ward_is_replaced_by_the_ward_that_took_the_file_over(two):
    """The new ward has set the cap of the change's month on the decision that passed to it."""
    former = two.granted().decision
    Decision.objects.filter(pk=former.pk).update(passed_to=two.there)
    day = (Month.of(two.on) + 1).first_day
    first = CapPeriod.objects.get(client=former.client)
    first.last_month = Month.of(two.on).first_day
    first.save()
    two.who = {"by": two.receiver, "at": at_noon(two.on)}
    enter(two.client, two.receiver)
    data = {"category": "general_1", "cap_yen": "9300", "first_month": str(Month.of(day)),
            "last_month": str(Month.of(day) + 2), "is_known": "on"}  # fmt: skip
    assert two.post("decision_cap", former, data).status_code == 302
    row = asks_for_change(two, former.client, two.there)
    data = {"starts_on": day.isoformat(), "cap_first_month": str(Month.of(day)),
            "cap_last_month": str(Month.of(day) + 1)}  # fmt: skip
    asked = sent(two, row, **data)
    assert "置き換わります" in asked.context["form"]["is_known"].help_text
    answer = sent(two, row, **data, is_known="on")
    assert answer.status_code == 302, answer.context["form"].errors
    old, new, rest = CapPeriod.objects.filter(client=former.client).order_by("first_month")
    assert (old, new.first_month, new.municipality) == (first, day, two.there)
    # What is left of it is the new ward's too: its paper carries every month.
    assert (rest.first_month, rest.municipality) == ((Month.of(day) + 2).first_day, two.there)


def test_a_cap_of_a_ward_whose_file_has_not_passed_is_not_replaced(two):
    former = two.granted().decision
    cap = CapPeriod.objects.get(client=former.client)
    assert set_by_others([cap], two.there) == [cap]
    assert set_by_others([cap], former.municipality) == []
    Decision.objects.filter(pk=former.pk).update(passed_to=two.there)
    assert set_by_others([cap], two.there) == []


def test_the_main_office_sees_both_halves_and_is_told_of_the_other_wards_cap(two):
    former = two.granted().decision
    Decision.objects.filter(pk=former.pk).update(passed_to=two.there)
    two.who = {"by": two.receiver, "at": at_noon(two.on)}
    enter(two.client, two.receiver)
    row = asks_for_change(two, former.client, two.there)
    day = (Month.of(two.on) + 2).first_day
    data = {"starts_on": day.isoformat(), "cap_first_month": str(Month.of(day)), "is_known": "on"}
    assert sent(two, row, **data).status_code == 302
    new = Decision.objects.get(application=row)
    enter(two.client, two.cast.members["city"])
    for half, other in ((former, new), (new, former)):
        page = two.client.get(
            reverse("admin:city_decision", args=[half.public_id])
        ).content.decode()
        assert reverse("admin:city_decision", args=[other.public_id]) in page
        assert other.municipality.full_name in page
    earlier = (Month.of(two.on) + 1).first_day
    answer = correct(two.client, new, starts_on=earlier.isoformat())
    told = answer.context["form"]["is_known"].help_text
    assert f"{Month.of(earlier).label}の上限額は、ほかの区が決めたものです" in told
    assert two.there.full_name in told
