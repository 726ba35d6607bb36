"""A municipality that nobody has registered: the office enters it, people come in at once, somebody confirms."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Organisation, RecipientNumber
from plans.models import MoveInRow
from teikyaku.accounts.models import AuditEvent, Municipality, MunicipalityProposal
from teikyaku.accounts.rules.municipality import bare_name, checks_itself, prefecture_of
from teikyaku.clock import at_noon
from teikyaku.desk.actions.merge_places import OF_WARDS, columns_of_places, merge_municipality
from teikyaku.desk.queries.move_in_undo import built_on
from teikyaku.desk.queries.system_desk import system_desk
from tests.accounts.test_coming_and_going import enter
from tests.sheets import person

State = MoveInRow.State
ERROR = 422
CODE = "999016"  # nobody's number, with its check digit
DATA = {"prefecture": "新潟県", "name": "架空町", "kana": "かくうまち", "code": "151019"}


def entered(mover, line=5, **changes):
    """The place that a line names, entered on its page."""
    url = reverse("move_in_place", args=[mover.move_in.public_id, line])
    form = mover.client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    return mover.client.post(url, {**data, **changes}, follow=True)


def come(mover, **changes):
    """Somebody of 架空町, moved in with the place entered on the way."""
    mover.look(person(mover.on, 1, municipality="新潟県架空郡架空町", **changes))
    answer = entered(mover, kana="かくうまち", code="157115")
    assert answer.redirect_chain, answer.context["form"].errors
    mover.post("move_in_import")
    return Municipality.objects.get(code="157115")


@pytest.fixture
def admin(cast):
    return {"by": cast.members["admin"], "at": at_noon(cast.today)}


@pytest.mark.django_db
def test_the_people_of_a_new_municipality_come_in_at_once(mover, admin):
    assert checks_itself("157115")
    place = come(mover)
    (enrolment,) = mover.people()
    (decision,) = enrolment.client.decisions.all()
    assert (place.name, decision.municipality) == ("架空町", place)
    assert enrolment.client.cap_periods.exists()
    (line,) = system_desk(mover.who["at"]).wanted
    assert line.url == reverse("municipality_edit", args=[place.public_id])
    assert mover.office.name in line.text
    page = mover.client.get(reverse("municipality_propose")).content.decode()
    assert "確認待ち" in page
    assert "架空町" in page


@pytest.mark.django_db
def test_a_file_that_somebody_settles_meanwhile_takes_no_place_away(mover, monkeypatch):
    mover.look(person(mover.on, 1, municipality="新潟県架空郡架空町"))

    def settled(**_given):
        raise ValidationError("もう済んでいます。")

    monkeypatch.setattr("teikyaku.desk.views.move_in_place.place_came", settled)
    answer = entered(mover, kana="かくうまち", code="157115")
    assert answer.status_code == 200
    assert "ほかの人が済ませました" in answer.content.decode()
    assert Municipality.objects.filter(code="157115").exists()


@pytest.mark.django_db
def test_who_confirms_may_correct_the_number_and_nothing_else_moves(mover, cast):
    place = come(mover)
    before = mover.people()[0].client.decisions.get()
    enter(mover.client, cast.members["admin"])
    listed = mover.client.get(reverse("municipalities"), {"show": "waiting"}).content.decode()
    assert "架空町" in listed
    assert cast.wards[0].name not in listed
    url = reverse("municipality_edit", args=[place.public_id])
    form = mover.client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"code": CODE}
    mover.client.post(url, data)
    after = mover.people()[0].client.decisions.get()
    assert (after.pk, after.municipality_id) == (before.pk, place.pk)
    assert after.municipality.code == CODE
    proposal = MunicipalityProposal.objects.get()
    assert (proposal.confirmed_by, proposal.is_waiting) == (cast.members["admin"], False)
    assert system_desk(mover.who["at"]).wanted == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "151019"}, "code"),  # 北区 of the cast
        ({"code": "157113"}, "code"),  # its last digit does not check the others
        ({"code": "131011"}, "code"),  # of another prefecture
        ({"name": "北区"}, "name"),  # the same name
        ({"name": "架空"}, "name"),
    ],
)
def test_what_is_unusual_in_an_entered_place_is_asked(mover, changes, field):
    Municipality.objects.get_or_create(
        code="151019", defaults={"name": "別の市", "kana": "べつのし"}
    )
    Municipality.objects.create(code="991007", name="北区", kana="きたく")
    url = reverse("municipality_propose")
    data = {**DATA, "code": "157115", **changes}
    answer = mover.client.post(url, data)
    assert answer.status_code == ERROR
    assert set(answer.context["form"].errors) == {field}
    is_taken = changes.get("code") == "151019" or changes.get("name") == "架空"
    again = mover.client.post(url, {**data, "is_sure": "on"})
    assert again.status_code == (ERROR if is_taken else 302)


@pytest.mark.django_db
def test_a_place_that_is_another_one_goes_there_with_all_its_records(mover, cast, admin):
    place, into = come(mover), cast.wards[1]
    (enrolment,) = mover.people()
    done = merge_municipality(municipality=place, into=into, **admin)
    client = enrolment.client
    assert {each.municipality for each in client.decisions.all()} == {into}
    assert {each.municipality for each in client.cap_periods.all()} == {into}
    assert RecipientNumber.objects.get(client=client).municipality == into
    assert done >= 3
    assert place not in Municipality.objects.paying()
    left = {
        c.model._meta.label
        for c in columns_of_places()
        if c.model.objects.filter(**{c.name: place}).exists()
    }
    assert left == set()
    with pytest.raises(ValidationError):
        merge_municipality(municipality=place, into=into, **admin)


@pytest.mark.django_db
def test_each_record_that_was_joined_tells_whose_it_is_and_is_in_its_history(mover, cast, admin):
    place, into = come(mover), cast.wards[1]
    merge_municipality(municipality=place, into=into, **admin)
    client = mover.people()[0].client
    events = AuditEvent.objects.filter(verb="municipality_joined").exclude(
        subject_type="municipalityproposal"
    )
    assert events
    assert {each.person_id for each in events} == {client.public_id}
    last = client.decisions.get().history.latest("history_id")
    assert (last.municipality_id, last.history_user) == (into.pk, admin["by"].user)


@pytest.mark.django_db
def test_as_many_statements_for_many_records_as_for_few(mover, cast, admin):
    place, into = come(mover), cast.wards[1]
    client = mover.people()[0].client
    more = Municipality.objects.create(code="999024", name="別の町", kana="べつ")
    MunicipalityProposal.objects.create(
        municipality=more, office=cast.office, recorded_by=admin["by"], recorded_at=admin["at"]
    )
    for n in range(5):
        RecipientNumber.objects.create(
            client=client, municipality=more, number=f"700000000{n}", recorded_by=admin["by"],
            recorded_at=admin["at"],
        )  # fmt: skip
    RecipientNumber.objects.filter(municipality=place).update(number="7999999999")

    def asked(row):
        with CaptureQueriesContext(connection) as queries:
            merge_municipality(municipality=row, into=into, **admin)
        return [each["sql"] for each in queries if "accounts_municipality" not in each["sql"]]

    many = [sql for sql in asked(more) if "recipientnumber" in sql]
    few = [sql for sql in asked(place) if "recipientnumber" in sql]
    assert len(many) == len(few)


@pytest.mark.django_db
def test_the_area_of_an_organisation_goes_along(mover, cast, admin):
    place, into = come(mover), cast.wards[1]
    centre = Organisation.objects.create(name="相談室")
    centre.areas.add(place)
    merge_municipality(municipality=place, into=into, **admin)
    assert list(centre.areas.all()) == [into]


@pytest.mark.django_db
def test_an_import_can_be_undone_after_its_place_was_joined(mover, cast, admin):
    place = come(mover)
    at = admin["at"] + timedelta(days=1)
    merge_municipality(municipality=place, into=cast.wards[1], by=admin["by"], at=at)
    assert built_on(mover.move_in, mover.on) == []
    mover.post("move_in_undo")
    assert mover.people() == []


@pytest.mark.django_db
@pytest.mark.parametrize("is_same", [True, False])
def test_a_number_on_file_at_both_places_is_one_persons_or_nobodys(mover, cast, admin, is_same):
    place, into = come(mover), cast.wards[1]
    number = RecipientNumber.objects.get(municipality=place)
    holder = number.client if is_same else cast.enrolment.client
    RecipientNumber.objects.create(
        client=holder, municipality=into, number=number.number, recorded_by=admin["by"],
        recorded_at=admin["at"],
    )  # fmt: skip
    if is_same:
        merge_municipality(municipality=place, into=into, **admin)
        paper = mover.people()[0].client.decisions.get().certificates.get()
        assert paper.recipient_number.municipality == into
        return
    with pytest.raises(ValidationError):
        merge_municipality(municipality=place, into=into, **admin)
    assert mover.people()[0].client.decisions.get().municipality == place


@pytest.mark.django_db
def test_merging_is_asked_on_its_page(mover, cast):
    place, into = come(mover), cast.wards[1]
    enter(mover.client, cast.members["admin"])
    url = reverse("municipality_merge", args=[place.public_id])
    assert mover.client.post(url, {"into": into.pk}).status_code == ERROR
    assert mover.client.post(url, {"into": into.pk, "is_sure": "on"}).status_code == 302
    assert mover.client.get(url).status_code == 404
    listed = mover.client.get(reverse("municipalities")).content.decode()
    assert f"「{into.full_name}」にまとめた" in listed


@pytest.mark.django_db
def test_a_place_where_a_ward_works_is_not_merged(cast, admin):
    officer = cast.members["officer"]
    MunicipalityProposal.objects.create(
        municipality=officer.municipality,
        office=cast.office,
        recorded_by=admin["by"],
        recorded_at=admin["at"],
    )
    with pytest.raises(ValidationError, match="区の記録"):
        merge_municipality(
            municipality=officer.municipality,
            into=cast.members["other_officer"].municipality,
            **admin,
        )


def test_what_wards_work_with_is_among_what_names_a_municipality():
    assert set(OF_WARDS) <= {column.model._meta.label for column in columns_of_places()}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("新潟県北蒲原郡聖籠町", "聖籠町"), ("新潟県 長岡市", "長岡市"), ("大和郡山市", "大和郡山市"),
        ("郡上市", "郡上市"), ("兵庫県赤穂郡上郡町", "上郡町"), ("上郡町", "上郡町"), ("京都府京都市北区", "京都市北区"),
    ],
)  # fmt: skip
def test_prefecture_and_county_are_no_part_of_the_name(text, name):
    assert bare_name(text) == name


@pytest.mark.parametrize(
    ("code", "prefecture", "is_right"),
    [("151019", "新潟県", True), ("151009", "新潟県", True), ("151018", "新潟県", False),
     ("011002", "北海道", True), ("480000", "", False)],
)  # fmt: skip
def test_a_number_tells_its_prefecture_and_checks_itself(code, prefecture, is_right):
    assert (prefecture_of(code), checks_itself(code)) == (prefecture, is_right)
