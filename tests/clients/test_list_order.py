"""The list of people: who is due first, or by kana, and the choice stays in the address."""

from datetime import timedelta

from django.urls import reverse

from clients.models import Enrolment
from tests.accounts.test_coming_and_going import enter
from tests.desk.test_homes import another


def test_people_stand_by_due_date_or_by_kana(client, cast):
    later = another(cast)  # つぎの ひと, behind しけん たろう by kana
    Enrolment.objects.filter(pk=later.pk).update(interview_due_on=cast.today - timedelta(days=400))
    enter(client, cast.members["worker"])

    def names(**asked):
        page = client.get(reverse("client_list"), asked)
        return [row.client_name for row in page.context["page"].object_list], page

    due, page = names()
    assert due[0] == "次の 人"
    assert "面談の期限の順" in page.content.decode()
    kana, page = names(order="kana")
    assert kana.index("試験 太郎") < kana.index("次の 人")
    assert page.context["form"].conditions == "show=in_use&order=kana"
    # Nonsense in the address is the usual order.
    assert names(order="x")[0] == due
