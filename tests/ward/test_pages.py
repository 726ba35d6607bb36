"""The whole path of one person through the ward's pages, with what people type wrongly."""

from datetime import timedelta

from django.urls import reverse

from clients.models import Client
from clients.rules.cap import cap_months
from plans.models import Application, Decision
from tests.accounts.test_coming_and_going import enter
from tests.cast import LONG_AGO

ERROR = 422


def receive(client, cast, **changes):
    data = {
        "name": "髙橋 𠮷郎", "kana": "ﾀｶﾊｼ ｷﾁﾛｳ", "birth_date": "Ｓ６０．４．１", "address": "架空町1",
        "kind": "new", "received_on": cast.today.isoformat(), "received_place": "ward_office",
        **changes,
    }  # fmt: skip
    return client.post(reverse("admin:application_new"), data)


def step(client, application, name, data, **arguments):
    args = {"application": application.public_id, **arguments}
    return client.post(reverse(f"admin:{name}", kwargs=args), data)


def test_from_the_counter_to_the_certificate(client, cast):
    enter(client, cast.members["officer"])
    assert receive(client, cast).status_code == 302
    application = Application.objects.latest("pk")
    assert application.client.birth_date.isoformat() == "1985-04-01"
    on = cast.today.isoformat()

    # The facts from which the window follows, as the person states them.
    used = {"kind": "transition", "starts_on": "R4.4.1", "ends_on": "令和6年3月31日"}
    assert step(client, application, "ward_service_new", used).status_code == 302
    employed_on = cast.today - timedelta(days=300)
    job = {"employer": "架空食品", "kind": "ordinary", "starts_on": employed_on.isoformat()}
    assert step(client, application, "ward_job_new", job).status_code == 302

    grant = {
        "number": "１２３４５６７８９０１", "issued_on": on, "decided_on": on, "starts_on": on,
        "ends_on": (cast.today + timedelta(days=360)).isoformat(), "amount": "当該月の日数",
        "category": "general_1", "cap_yen": "９，３００", "cap_first_month": on[:7],
        "cap_last_month": str(cap_months(cast.today).last_month), "looked": "yes",
    }  # fmt: skip
    answer = step(client, application, "decision_grant", grant)
    assert answer.status_code == ERROR
    assert "10桁" in answer.content.decode()
    assert "架空" not in str(answer.context["form"].errors)
    grant["number"] = "１２３４５６７８９９"
    answer = step(client, application, "decision_grant", grant)
    assert "聞き取り調査" in answer.content.decode()

    survey = {"held_on": "2026-02-30", "held_by": "調査員", "difficulties": "朝が苦手"}
    answer = step(client, application, "survey_new", survey)
    assert answer.status_code == ERROR
    assert "2月30日" in answer.content.decode()
    assert "朝が苦手" in answer.content.decode()
    assert step(client, application, "survey_new", {**survey, "held_on": on}).status_code == 302
    plan = {"author": "consultation", "received_on": on}
    answer = step(client, application, "plan_new", plan, stage="proposed")
    assert "相談支援事業所を選んで" in answer.content.decode()
    plan["author"] = "self"
    assert step(client, application, "plan_new", plan, stage="proposed").status_code == 302

    late = {**grant, "ends_on": (cast.today + timedelta(days=2000)).isoformat()}
    answer = step(client, application, "decision_grant", late)
    assert "までです" in str(answer.context["form"].errors["ends_on"])
    assert step(client, application, "decision_grant", grant).status_code == 302
    decision = Decision.objects.get(application=application)
    cap = decision.client.cap_periods.get()
    assert (cap.cap_yen, cap.category) == (9300, "general_1")
    assert step(client, application, "plan_new", plan, stage="final").status_code == 302
    page = client.get(reverse("admin:decision_page", args=[decision.public_id])).content.decode()
    assert "1234567899" in page

    revoke = {"revoked_on": (decision.ends_on + timedelta(days=1)).isoformat(), "reason": "転出"}
    revoke["looked"] = "yes"
    url = reverse("admin:decision_revoke", args=[decision.public_id])
    answer = client.post(url, revoke)
    assert "の中の日付にしてください" in str(answer.context["form"].errors["revoked_on"])
    assert client.post(url, {**revoke, "revoked_on": on}).status_code == 302
    decision.refresh_from_db()
    assert (decision.ends_on, decision.granted_until) == (cast.today, decision.granted_until)


def test_somebody_who_looks_the_same_is_asked_about(client, cast):
    enter(client, cast.members["officer"])
    receive(client, cast)
    first = Application.objects.latest("pk").client
    before = Client.objects.count()
    answer = receive(client, cast, kana="たかはし きちろう")
    assert answer.status_code == ERROR
    assert "同じ方かどうか" in answer.content.decode()
    assert Client.objects.count() == before
    again = receive(client, cast, known=str(first.public_id))
    assert "まだ終わっていない申請" in again.content.decode()
    assert receive(client, cast, known="another").status_code == 302
    assert Client.objects.count() == before + 1


def test_a_refusal_needs_its_reason(client, cast):
    enter(client, cast.members["officer"])
    receive(client, cast)
    application = Application.objects.latest("pk")
    end = {"outcome": "withdrawn", "outcome_on": cast.today.isoformat(), "reason": ""}
    end["looked"] = "yes"
    assert step(client, application, "application_end", end).status_code == ERROR
    end["reason"] = "本人の希望"
    assert step(client, application, "application_end", end).status_code == 302
    again = step(client, application, "application_end", end)
    assert "取下げ" in again.content.decode()


def test_a_number_of_somebody_else_is_refused_at_its_field(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("certificate_transcribe", args=[cast.enrolment.public_id])
    after = cast.enrolment.client.decisions.latest("ends_on").ends_on + timedelta(days=1)
    data = {
        "municipality": cast.wards[2].pk, "number": "1234567891", "issued_on": "R2.4.1",
        "decided_on": "R2.4.1", "starts_on": after.isoformat(), "ends_on": after.isoformat(),
        "amount": "月", "category": "low_income", "cap_yen": "0",
        "cap_first_month": LONG_AGO.isoformat()[:7], "cap_last_month": LONG_AGO.isoformat()[:7],
    }  # fmt: skip
    answer = client.post(url, data)
    assert "別の方が使っています" in str(answer.context["form"].errors["number"])
    overlapping = {**data, "number": "1234567890", "starts_on": cast.today.isoformat()}
    answer = client.post(url, overlapping)
    assert "期間が重なって" in str(answer.context["form"].errors["starts_on"])
    assert client.post(url, {**data, "number": "1234567890"}).status_code == 302
