"""利用できるかの確認: the three services beside one another, with what fits this person."""

import pytest
from django.urls import reverse

from clients.models import Residence
from tests.accounts.test_coming_and_going import enter


@pytest.mark.parametrize(
    ("told", "centre"),
    [
        ({"works_in_niigata": "yes"}, "こあサポート"),
        ({"works_in_niigata": "no", "wants_to_work_in_niigata": "no"}, "他圏域"),
    ],
)
def test_three_services_side_by_side_for_this_person(client, cast, told, centre):
    enter(client, cast.members["worker"])
    person = cast.enrolment.client
    Residence.objects.filter(client=person).delete()
    answer = client.post(reverse("screening", args=[person.public_id]), {"try": "1", **told})
    table = answer.content.decode().partition("3つの相談先のちがい")[2].partition("</table>")[0]
    own = table.rpartition("この方は")[2]
    assert answer.context["result"].answer.label in own
    assert centre in own
    assert "ジョブコーチ" in own
    assert own.count("<td") == 3
