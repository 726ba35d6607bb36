"""担当: who is in charge changes only when somebody else is chosen."""

from django.urls import reverse

from clients.models import StaffAssignment
from tests.accounts.test_coming_and_going import enter


def test_saved_untouched_nobody_changes(client, cast):
    enter(client, cast.members["manager"])
    url = reverse("staff_assign", args=[cast.enrolment.public_id])
    page = client.get(url)
    form, now = page.context["form"], StaffAssignment.objects.get(enrolment=cast.enrolment)
    assert form["staff"].value() == str(now.staff.public_id)
    assert f"いまの担当は{now.staff.user.name}" in page.content.decode()
    data = {"staff": form["staff"].value(), "starts_on": cast.today.isoformat()}
    answer = client.post(url, data)
    assert "代わる人を選んでください" in str(answer.context["form"].errors["staff"])
    assert StaffAssignment.objects.get(enrolment=cast.enrolment) == now


def test_where_nobody_is_in_charge_nobody_is_chosen_by_chance(client, cast):
    StaffAssignment.objects.filter(enrolment=cast.enrolment).delete()
    enter(client, cast.members["head"])
    url = reverse("staff_assign", args=[cast.enrolment.public_id])
    data = {"staff": client.get(url).context["form"]["staff"].value() or ""}
    assert client.post(url, {**data, "starts_on": cast.today.isoformat()}).status_code == 422
    assert not StaffAssignment.objects.filter(enrolment=cast.enrolment).exists()
