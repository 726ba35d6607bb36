"""The head of a decision's page: the one next thing first, what is rare folded, the facts below."""

from django.urls import reverse

from plans.models import Decision, WardPaper


def page_of(counter, decision):
    return counter.client.get(reverse("admin:decision_page", args=[decision.public_id]))


def made(counter, decision):
    version = decision.certificates.get()
    return counter.client.post(
        reverse("admin:certificate_issue", args=[version.public_id]), follow=True
    )


def test_a_fresh_decision_leads_to_its_certificate_then_to_its_letter(counter):
    decision = counter.granted().decision
    assert page_of(counter, decision).context["next"].step == "certificate"
    answer = made(counter, decision)
    paper = WardPaper.objects.get(certificate__decision=decision)
    page = answer.content.decode()
    assert paper.document.number in str(next(iter(answer.context["messages"])))
    assert reverse("admin:ward_paper_pdf", args=[paper.public_id]) in page
    assert answer.context["next"].step == "letter"
    issued = {"issued_on": counter.on.isoformat()}
    url = reverse("admin:decision_grant_notice", args=[decision.public_id])
    assert counter.client.post(url, issued).status_code == 302
    assert page_of(counter, decision).context["next"].step == "none"


def test_a_renewal_leads_once_the_end_is_near(counter):
    decision = counter.granted().decision
    renew = f"?renew={decision.public_id}"
    assert "更新を受け付ける" in [
        each["label"] for each in page_of(counter, decision).context["more"]
    ]
    Decision.objects.filter(pk=decision.pk).update(ends_on=counter.on, granted_until=counter.on)
    context = page_of(counter, decision).context
    assert context["next"].step == "renewal"
    assert not [each for each in context["more"] if renew in each["url"]]
    data = {"received_on": counter.on.isoformat(), "received_place": "ward_office"}
    counter.client.post(reverse("admin:application_new") + renew, data)
    answer = page_of(counter, decision)
    assert answer.context["next"].step == "applied"
    opened = decision.client.applications.get(outcome="")
    assert reverse("admin:application_page", args=[opened.public_id]) in answer.content.decode()


def test_the_facts_say_number_cap_and_last_usable_day_and_the_head_the_birth_date(counter):
    decision = counter.granted().decision
    answer = page_of(counter, decision)
    facts = {each["label"]: each for each in answer.context["facts"]}
    assert facts["受給者証番号"]["value"] == "1234567899"
    assert facts["負担上限月額"]["value"] == "9,300円"
    assert facts["上限額管理"]["value"] == "対象ではない"
    assert "年" in facts["最後に使える日"]["value"]
    assert "1991年1月1日（平成3年） 生まれ" in answer.content.decode()


def test_what_is_rare_is_folded_and_another_reader_is_led_nowhere(counter):
    decision = counter.granted().decision
    context = page_of(counter, decision).context
    assert [each["label"] for each in context["more"]][-1] == "取り消す"
    Decision.objects.filter(pk=decision.pk).update(passed_to=counter.cast.wards[1])
    context = page_of(counter, decision).context
    assert context["next"].step == "none"
    assert context["more"] == []
