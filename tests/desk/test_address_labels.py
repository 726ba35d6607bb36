"""宛名ラベル: who gets one, who does not and why, and what is remembered."""

import re
import shutil
import subprocess
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse

from clients.access import enrolments_for
from clients.documents import label_sheets
from clients.forms.address_labels import LabelForm
from clients.models import Client, ClientName, RelatedPerson, Residence
from clients.queries.address_labels import label_people
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.printing import pdf
from tests.accounts.test_coming_and_going import enter
from tests.cast import ready_person

ADDRESS = "架空町1丁目2番3号"
PAGE, PDF = "/labels/", "/labels/pdf/"


def lives(cast, enrolment, address=ADDRESS, **facts):
    Residence.objects.filter(client=enrolment.client).delete()
    return Residence.objects.create(
        client=enrolment.client, municipality=cast.wards[2], address=address,
        **{"postal_code": "951-8061", "starts_on": enrolment.starts_on, **facts},
        recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
    )  # fmt: skip


@pytest.fixture
def others(cast):
    worker, manager = cast.members["worker"], cast.members["manager"]
    return [
        ready_person(
            cast, cast.office, worker, manager, f"42000000{index:02d}", name=f"宛名 {index}",
            kana=f"あてな {index}",
        )
        for index in range(5)
    ]  # fmt: skip


def asked(cast, *enrolments):
    chosen = [row.client.public_id for row in enrolments]
    return label_people(enrolments_for(cast.members["worker"], cast.today), chosen, cast.today)


def query(*enrolments, **settings):
    persons = [f"person={row.client.public_id}" for row in enrolments]
    return "?" + "&".join([*persons, *(f"{name}={value}" for name, value in settings.items())])


def test_everybody_chosen_is_printed_or_named_with_a_reason(cast, others):
    protected, homeless, dead, gone, odd = others
    lives(cast, cast.enrolment)
    lives(cast, protected, "秘密の町9", is_protected=True)
    Residence.objects.filter(client=homeless.client).delete()
    for row in (dead, gone, odd):
        lives(cast, row)
    dead.client.died_on = cast.today
    dead.client.save()
    gone.ends_on, gone.end_reason = cast.today - timedelta(days=1), "moved"
    gone.save()
    ClientName.objects.filter(client=odd.client).update(name="\U00020bb7\ue000")
    found = asked(cast, gone, odd, cast.enrolment, dead, protected, homeless, cast.foreign)
    assert [label.name for label in found.labels] == ["試験 太郎"]
    assert found.labels[0].address == f"{cast.wards[2].full_name}{ADDRESS}"
    reasons = {row.client_id: row.reason for row in found.left_out}
    assert [row.client_id for row in found.left_out] == [
        row.client.public_id for row in (gone, odd, dead, protected, homeless)
    ]
    for row, words in (
        (gone, "支援していません"), (odd, "U+E000"), (dead, "亡くなった"),
        (protected, "支援措置"), (homeless, "住所の記録がありません"),
    ):  # fmt: skip
        assert words in reasons[row.client.public_id]
    assert "秘密の町" not in str(found)


def test_the_name_and_address_of_the_day(cast):
    on = cast.today
    former = lives(cast, cast.enrolment, "前の町1")
    former.ends_on = on - timedelta(days=1)
    former.save()
    Residence.objects.create(
        client=cast.enrolment.client, municipality=cast.wards[0], address="今の町2", starts_on=on,
        recorded_by=cast.members["worker"], recorded_at=at_noon(on),
    )  # fmt: skip
    (label,) = asked(cast, cast.enrolment).labels
    assert label.address == f"{cast.wards[0].full_name}今の町2"
    # Whose address was protected before and is not today gets a label; and the other way round.
    Residence.objects.filter(pk=former.pk).update(is_protected=True)
    assert asked(cast, cast.enrolment).labels
    Residence.objects.filter(starts_on=on).update(is_protected=True)
    assert not asked(cast, cast.enrolment).labels


def test_the_page_names_who_is_left_out_and_shows_no_protected_address(client, cast, others):
    lives(cast, cast.enrolment)
    lives(cast, others[0], "秘密の町9", is_protected=True)
    # Also not to who may see it on the person's own page.
    for key in ("worker", "manager"):
        enter(client, cast.members[key])
        text = client.get(PAGE + query(cast.enrolment, others[0])).content.decode()
        assert "印刷しない1人" in text
        assert "宛名 0" in text
        assert "秘密の町" not in text
        assert ADDRESS in text
        assert "1人の宛名をPDFにする" in text


def test_making_it_is_on_the_record_with_whose_addresses(client, cast, others):
    lives(cast, cast.enrolment)
    lives(cast, others[0], is_protected=True)
    enter(client, cast.members["worker"])
    client.get(PAGE + query(cast.enrolment))
    made = AuditEvent.objects.filter(verb="address_labels_printed")
    assert not made.exists()
    answer = client.get(PDF + query(cast.enrolment, others[0]))
    assert answer["Content-Type"] == "application/pdf"
    assert made.get().subject_id == cast.office.public_id
    read = AuditEvent.objects.filter(verb="read", subject_type="client", at__gte=made.get().at)
    assert [event.person_id for event in read] == [cast.enrolment.client.public_id]


def test_nobody_to_print_makes_no_paper(client, cast, others):
    enter(client, cast.members["worker"])
    assert "だれも選ばれていません" in client.get(PAGE).content.decode()
    lives(cast, others[0], is_protected=True)
    for persons in ("", query(others[0]), query(cast.foreign)):
        assert client.get(PDF + persons).status_code == 302
    assert not AuditEvent.objects.filter(verb="address_labels_printed").exists()


@pytest.mark.parametrize(
    ("settings", "field", "words"),
    [
        ({"sheet": "99"}, "sheet", "選択肢の中から"),
        ({"first": "13"}, "first", "12枚まで"),
        ({"first": "0"}, "first", "1以上"),
        ({"first": "あ"}, "first", "数字だけ"),
        ({"left": "40"}, "left", "はみ出します"),
        ({"top": "50"}, "top", "はみ出します"),
        ({"top": "あ"}, "top", "mmの数"),
        ({"gap_y": "-1"}, "gap_y", "0以上"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(client, cast, settings, field, words):
    lives(cast, cast.enrolment)
    enter(client, cast.members["worker"])
    for url in (PAGE, PDF):
        answer = client.get(url + query(cast.enrolment, **settings))
        assert answer.status_code == 422
        form = answer.context["sheet_form"]
        assert list(form.errors) == [field]
        assert words in form.errors[field][0]
        assert "data-error-summary" in answer.content.decode()
    assert not AuditEvent.objects.filter(verb="address_labels_printed").exists()


def test_margins_stay_in_the_address_and_are_the_sheets_own_where_empty(client, cast):
    lives(cast, cast.enrolment)
    enter(client, cast.members["worker"])
    wanted = query(
        cast.enrolment, sheet="24", top="１３．５", honorific="none", with_kana="on", first="4"
    )
    page = client.get(PAGE + wanted)
    form = page.context["sheet_form"]
    layout = form.layout()
    assert (float(layout.top_mm), float(layout.left_mm), layout.first) == (13.5, 6.0, 4)
    assert form.honorific_text == ""
    assert form.cleaned_data["with_kana"]
    text = page.content.decode()
    assert 'value="１３．５"' in text
    assert 'placeholder="6"' in text
    assert "用紙は1枚です" in text
    assert f'name="person" value="{cast.enrolment.client.public_id}"' in text


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not there")
def test_nothing_is_cut_however_long(cast):
    long = "とても長い番地" * 20
    lives(cast, cast.enrolment, long[:160])
    ClientName.objects.filter(client=cast.enrolment.client).update(
        name="長い名前" * 20, kana="な" * 120
    )
    (label,) = asked(cast, cast.enrolment).labels
    form = LabelForm(QueryDict("sheet=24&first=24"))
    assert form.is_valid()
    content = label_sheets(
        [label, label], form.layout(), honorific="様", with_kana=True, on=cast.today
    )
    made = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf("address_labels", content),
        capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    pages = [re.sub(r"\s", "", page) for page in made.split("\f")][:2]
    for page in pages:
        assert label.address in page
        assert "長い名前" * 20 + "様" in page
        assert "な" * 120 in page


def test_the_way_back_leads_to_the_list_as_it_was(client, cast):
    enter(client, cast.members["worker"])
    back = "ask%3Dnew%26also%3Dworrying%26staff%3Dall"
    text = client.get(f"{PAGE}{query(cast.enrolment)}&back={back}").content.decode()
    assert f'href="{reverse("caseload")}?ask=new&amp;also=worrying&amp;staff=all"' in text


def test_of_who_has_left_not_even_a_death_is_told(cast):
    lives(cast, cast.enrolment)
    Client.objects.filter(pk=cast.enrolment.client_id).update(died_on=cast.today)
    type(cast.enrolment).objects.filter(pk=cast.enrolment.pk).update(
        ends_on=cast.today - timedelta(days=9), end_reason="moved"
    )
    (left,) = asked(cast, cast.enrolment).left_out
    assert left.reason == "いまは支援していません"


def test_the_label_goes_to_who_gets_the_post(cast):
    lives(cast, cast.enrolment, is_protected=True)
    RelatedPerson.objects.create(
        client=cast.enrolment.client, kind="guardian", name="後見 一郎", gets_post=True,
        postal_code="950-0001", address="架空町9", starts_on=cast.enrolment.starts_on,
        recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    (label,) = asked(cast, cast.enrolment).labels
    assert (label.name, label.address) == ("後見 一郎", "架空町9")
    # Whom another office named is not told here.
    RelatedPerson.objects.update(recorded_by=cast.members["outsider"])
    assert not asked(cast, cast.enrolment).labels
