from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.accounts.test_coming_and_going import enter
def test_q(client, cast):
    enter(client, cast.members["manager"])
    url = reverse("client_page", args=[cast.enrolment.client.public_id])
    client.get(url)
    with CaptureQueriesContext(connection) as q:
        client.get(url)
    for i, x in enumerate(q.captured_queries): print(i, x["sql"][:60], "FROM", x["sql"].partition(" FROM ")[2][:160])
