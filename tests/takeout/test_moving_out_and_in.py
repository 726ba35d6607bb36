"""Out of one installation, into an empty one, out again: equal in every value. And nobody else's."""

import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from billing.models import MonthClosing
from billing.queries.verify import is_whole
from clients.models import Client, ClientName, Employment, Enrolment, RelatedPerson, Residence
from plans.models import CapPeriod, Decision, Interview
from teikyaku.accounts.models import Membership, Office, OutboxMail, User
from teikyaku.clock import at_noon
from teikyaku.desk.takeout import pieces as building
from teikyaku.desk.takeout.archive import ZIP, alone, work_on
from teikyaku.desk.takeout.bring_in import bring_in, opened
from teikyaku.desk.takeout.entries import PART
from teikyaku.desk.takeout.errors import TakeoutError
from teikyaku.desk.takeout.note import NOTE
from teikyaku.desk.takeout.tables import LEFT_OUT, OWN
from teikyaku.spreadsheets import CELL_LENGTH
from tests.cast import Cast
from tests.desk.planting import Planter, holding
from tests.takeout.moving import (
    empty_the_database,
    entries,
    leave_out_workbooks,
    lift_sequences,
    take_out,
    texts,
)

ENDED, MONTH = date(2019, 3, 31), date(2018, 5, 1)


def planter_of(cast: Cast, letters: str) -> Planter:
    planter = Planter(cast, letters, ended_on=ENDED, month=MONTH)
    planter.everything()
    return planter


@pytest.fixture(autouse=True)
def _sequences(db):
    yield
    lift_sequences()


@pytest.fixture
def planted(cast, papers_folder):
    """A person of the office and one of another office, each with everything on file."""
    elsewhere = replace(
        cast, office=cast.other_office,
        members={**cast.members, "worker": cast.members["outsider"],
                 "head": cast.members["outsider"], "billing": cast.members["outsider"]},
    )  # fmt: skip
    return planter_of(cast, "aa"), planter_of(elsewhere, "xx")


@pytest.fixture
def without_workbooks(monkeypatch):
    """What is to be looked at takes half of the time, and is looked at elsewhere."""
    leave_out_workbooks(monkeypatch)


def bring(file):
    with opened(file) as (content, manifest):
        return bring_in(content, manifest)


def same_data(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Names of data and files that differ; dates of making are in the others."""
    names = {*one, *other}
    kinds = ("data/", "files/", "columns.json")
    return [name for name in names if name.startswith(kinds) and one.get(name) != other.get(name)]


@pytest.mark.usefixtures("without_workbooks")
def test_out_in_and_out_again_is_equal(planted, cast, tmp_path):
    mine, _theirs = planted
    first = take_out(cast.office, tmp_path / "one", cast.today)
    before = entries(first)
    scans = {name: (tmp_path / name).read_bytes() for name in mine.names}
    empty_the_database()
    for name in scans:
        (tmp_path / name).unlink()
    made = bring(first)
    assert (made.here_already, made.files) == (0, 3)
    assert {name: (tmp_path / name).read_bytes() for name in scans} == scans
    office = Office.objects.get()
    after = entries(take_out(office, tmp_path / "two", cast.today))
    assert same_data(before, after) == []
    manifests = [json.loads(each["manifest.json"]) for each in (before, after)]
    assert manifests[0]["tables"] == manifests[1]["tables"]
    assert sum(table["size"] for table in manifests[0]["tables"].values()) > 200
    closing = MonthClosing.objects.exclude(month=MONTH).get()
    assert is_whole(closing), "the seal of a closed month holds here too"


def test_every_value_of_every_planted_row_is_in_it(planted, cast, tmp_path):
    mine, _theirs = planted
    found = texts(take_out(cast.office, tmp_path / "one", cast.today))
    # Planted as a ward's screening, and as a mail of no membership.
    others = ("clients.Screening", "accounts.OutboxMail")
    lacks = [
        (label, column.name)
        for label, row in mine.rows.items()
        if label in OWN and label not in others
        for column in row._meta.local_concrete_fields
        if (value := str(getattr(row, column.attname))).startswith("zqaa") and value not in found
    ]
    assert lacks == []


def test_nothing_of_another_office_or_a_wards_own_is_in_it(planted, cast, tmp_path):
    mine, _theirs = planted
    found = texts(take_out(cast.office, tmp_path / "one", cast.today))
    assert "zqxx" not in found
    assert holding("zqxx"), "there is something that could have been"
    for text in (
        cast.other_office.name, cast.other_office.number, "よその 人", cast.user("outsider").name,
        cast.user("officer").name, cast.user("officer").email, cast.user("admin").name,
        str(cast.members["officer"].public_id), str(cast.user("officer").public_id),
    ):  # fmt: skip
        assert text not in found, text
    wards = [
        (label, value)
        for label, row in mine.rows.items()
        if label in LEFT_OUT
        for column in row._meta.local_concrete_fields
        if (value := str(getattr(row, column.attname))).startswith("zq") and value in found
    ]
    assert wards == []
    CapPeriod.objects.filter(client=cast.application.client).update(category_reason="区だけの理由")
    Decision.objects.filter(pk=cast.decision.pk).update(reason="区だけの理由")
    Decision.objects.filter(client=cast.enrolment.client).update(reason="事業所が写した理由")
    found = texts(take_out(cast.office, tmp_path / "words", cast.today))
    assert ("区だけの理由" in found, "事業所が写した理由" in found) == (False, True)
    assert cast.user("worker").password not in found


def elsewhere_too(cast: Cast, ended_on) -> Client:
    """The office's person has left; another office works on with them."""
    person, out = cast.enrolment.client, cast.members["outsider"]
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(ends_on=ended_on, end_reason="moved")
    who = {"recorded_by": out, "recorded_at": at_noon(cast.today)}
    Enrolment.objects.create(
        client=person, office=cast.other_office, starts_on=ended_on + timedelta(days=1), **who
    )
    job = Employment.objects.get(client=person)
    Employment.objects.filter(pk=job.pk).update(ends_on=cast.today, end_reason="laid_off")
    name = ClientName.objects.get(client=person)
    ClientName.objects.filter(pk=name.pk).update(ends_on=ended_on + timedelta(days=9))
    ClientName.objects.create(
        client=person, name="後の 名字", kana="あとの みょうじ",
        starts_on=ended_on + timedelta(days=10), **who,
    )  # fmt: skip
    RelatedPerson.objects.create(
        client=person, kind="parent", name="よそで 聞いた人", kana="よそで", starts_on=date(2020, 1, 1),
        **who,
    )  # fmt: skip
    Residence.objects.create(
        client=person, municipality=cast.wards[0], address="引っ越した先",
        starts_on=ended_on + timedelta(days=20), **who,
    )  # fmt: skip
    return person


def test_after_the_end_nothing_is_told(cast, papers_folder, tmp_path):
    ended_on = cast.today - timedelta(days=40)
    person = elsewhere_too(cast, ended_on)
    file = take_out(cast.office, tmp_path / "one", cast.today)
    found = texts(file)
    for text in ("後の 名字", "よそで 聞いた人", "引っ越した先", "よその"):
        assert text not in found, text
    lines = entries(file)["data/clients.employment.jsonl"].splitlines()
    jobs = [row for row in map(json.loads, lines) if row["client_id"] == person.pk]
    assert [(row["ends_on"], row["end_reason"]) for row in jobs] == [(None, "")]
    names = entries(file)["data/clients.clientname.jsonl"].splitlines()
    own = [row for row in map(json.loads, names) if row["client_id"] == person.pk]
    assert [row["ends_on"] for row in own] == [None]
    empty_the_database()
    bring(file)
    again = entries(take_out(Office.objects.get(), tmp_path / "two", cast.today))
    assert same_data(entries(file), again) == []


def test_who_works_on_is_told_everything_to_the_day(cast, papers_folder, tmp_path):
    who = {"recorded_by": cast.members["officer"], "recorded_at": at_noon(cast.today)}
    Residence.objects.create(
        client=cast.enrolment.client, municipality=cast.wards[0], address="きのう越した先",
        starts_on=cast.today - timedelta(days=1), **who,
    )  # fmt: skip
    assert "きのう越した先" in texts(take_out(cast.office, tmp_path / "one", cast.today))


@pytest.mark.usefixtures("without_workbooks")
def test_staff_elsewhere_is_nobody_and_lets_nobody_in(planted, cast, tmp_path):
    file = take_out(cast.office, tmp_path / "one", cast.today)
    empty_the_database()
    bring(file)
    strangers = Membership.objects.exclude(office__number=cast.office.number)
    assert strangers.exists()
    assert not strangers.in_force(cast.today).exists()
    assert {tuple(row.roles) for row in strangers} == {()}
    assert not User.objects.filter(pk__in=strangers.values("user")).filter(is_active=True).exists()
    assert not any(user.has_usable_password() for user in User.objects.all())
    officer = strangers.filter(municipality__isnull=False)
    assert {row.municipality.code for row in officer} <= {ward.code for ward in cast.wards}
    assert Decision.objects.filter(recorded_by__in=officer).exists(), "of a ward one knows which"


def test_mail_that_waits_stays(cast, papers_folder, tmp_path):
    for period, sent in (("waits", None), ("went", at_noon(cast.today))):
        OutboxMail.objects.create(
            kind="digest", recipient=cast.user("worker"), membership=cast.members["worker"],
            period=period, subject="知らせ", body=f"zq{period}", created_at=at_noon(cast.today),
            sent_at=sent,
        )  # fmt: skip
    found = texts(take_out(cast.office, tmp_path / "one", cast.today))
    assert ("zqwent" in found, "zqwaits" in found) == (True, False)


def test_formulas_stay_text_and_long_texts_are_cut_in_the_workbook_alone(
    cast, papers_folder, tmp_path
):
    first = Interview.objects.filter(enrolment=cast.enrolment).exclude(pk=cast.interview.pk).first()
    Interview.objects.filter(pk=first.pk).update(notes='=HYPERLINK("http://x")')
    long = "あ" * (CELL_LENGTH + 5)
    Interview.objects.filter(pk=cast.interview.pk).update(notes=long)
    content = entries(take_out(cast.office, tmp_path / "one", cast.today))
    book = load_workbook(BytesIO(content["office.xlsx"]))
    assert "目次" in book.sheetnames
    page = book["面談・連絡"]
    heads = [cell.value for cell in page[1]]
    notes = [cell for row in page.iter_rows(min_row=2) for cell in row]
    formula = next(cell for cell in notes if str(cell.value).startswith("=HYPER"))
    assert (formula.data_type, formula.quotePrefix) == ("s", True)
    assert any(str(cell.value).endswith("（続きは data/ の中）") for cell in notes)
    assert long in content["data/plans.interview.jsonl"].decode()
    assert heads[0] == "氏名"


@pytest.mark.usefixtures("without_workbooks")
def test_a_file_that_was_touched_is_refused(cast, papers_folder, tmp_path):
    file = take_out(cast.office, tmp_path / "one", cast.today)
    content = entries(file)
    touched = tmp_path / "touched.zip"
    for name, text in (
        ("data/plans.interview.jsonl", content["data/plans.interview.jsonl"].replace(b"1", b"2")),
        ("more.txt", b"more"),
    ):
        with zipfile.ZipFile(touched, "w") as archive:
            for each, body in {**content, name: text}.items():
                archive.writestr(each, body)
        with pytest.raises(TakeoutError, match="目録"), opened(touched):
            pass
    touched.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(TakeoutError, match="ZIP"), opened(touched):
        pass


@pytest.mark.usefixtures("without_workbooks")
def test_where_something_is_in_the_way_nothing_comes_in(planted, cast, tmp_path):
    mine, _theirs = planted
    file = take_out(cast.office, tmp_path / "one", cast.today)
    with pytest.raises(TakeoutError, match="もうここにあります"):
        bring(file)
    empty_the_database()
    (tmp_path / mine.names[0]).unlink()
    stranger = User.objects.create_user(email="first@here.example.jp", name="先にいた人")
    User.objects.filter(pk=stranger.pk).update(id=cast.user("worker").pk)
    with pytest.raises(TakeoutError, match="別の記録"):
        bring(file)
    assert not Office.objects.exists()
    assert not Client.objects.exists()
    assert not (tmp_path / mine.names[0]).exists(), "what was placed is taken back"
    assert (tmp_path / mine.names[1]).exists(), "what was there stays"


@pytest.mark.usefixtures("without_workbooks")
def test_another_version_is_refused(cast, papers_folder, tmp_path):
    with opened(take_out(cast.office, tmp_path / "one", cast.today)) as (content, manifest):
        ours = [each for each in manifest.migrations if each.startswith("plans.")]
        older = replace(manifest, migrations=tuple(set(manifest.migrations) - {ours[-1]}))
        with pytest.raises(TakeoutError, match="版"):
            bring_in(content, older)


@pytest.mark.usefixtures("without_workbooks")
@pytest.mark.parametrize("turned", [False, True], ids=["who left first", "who works on first"])
def test_two_offices_of_one_server_come_after_each_other(cast, papers_folder, tmp_path, turned):
    """What they share is one row, and says what either knew."""
    person = elsewhere_too(cast, cast.today - timedelta(days=40))
    offices = {"one": cast.office, "two": cast.other_office}
    files = {
        name: take_out(office, tmp_path / name, cast.today) for name, office in offices.items()
    }
    names = list(Membership.objects.filter(office__isnull=False).values_list("pk", "user__name"))
    empty_the_database()
    order = list(offices)[:: -1 if turned else 1]
    bring(files[order[0]])
    assert bring(files[order[1]]).here_already > 5
    assert Office.objects.count() == 2
    assert Employment.objects.get(client=person.pk).ends_on == cast.today
    assert dict(Membership.objects.filter(office__isnull=False).values_list("pk", "user__name")) == dict(names)  # fmt: skip
    for name, file in files.items():
        office = Office.objects.get(number=offices[name].number)
        again = entries(take_out(office, tmp_path / f"{name}-again", cast.today))
        assert same_data(entries(file), again) == []


@pytest.mark.usefixtures("without_workbooks")
def test_stopped_work_goes_on_and_a_broken_piece_begins_anew(planted, cast, tmp_path, monkeypatch):
    folder = tmp_path / "one"
    with alone(folder):
        note = work_on(folder, cast.office, on=cast.today, at=at_noon(cast.today), seconds=0)
    assert note.left == note.total > 2
    real, count = building.content_of, []

    def killed(file):
        count.append(file)
        if len(count) == 3:
            raise KeyboardInterrupt
        return real(file)

    monkeypatch.setattr(building, "content_of", killed)
    with alone(folder), pytest.raises(KeyboardInterrupt):
        work_on(folder, cast.office, on=cast.today, at=at_noon(cast.today))
    monkeypatch.setattr(building, "content_of", real)
    assert not (folder / ZIP).exists()
    file = take_out(cast.office, folder, cast.today)
    with opened(file) as (_content, manifest):
        assert len(manifest.files) > note.files - len(manifest.missing)
    assert {each.name for each in folder.iterdir()} >= {ZIP, NOTE}
    assert not (folder / PART).exists()
    size = file.stat().st_mtime_ns
    assert take_out(cast.office, folder, cast.today).stat().st_mtime_ns == size, "made once"


def test_only_one_works_at_a_time(tmp_path):
    with alone(tmp_path) as first, alone(tmp_path) as second:
        assert (first, second) == (True, False)
    with alone(tmp_path) as again:
        assert again


@pytest.mark.usefixtures("without_workbooks")
def test_queries_do_not_grow_with_people(cast, papers_folder, tmp_path):
    with CaptureQueriesContext(connection) as few, alone(tmp_path / "one"):
        work_on(tmp_path / "one", cast.office, on=cast.today, at=at_noon(cast.today), seconds=0)
    for number in range(3):
        client = Client.objects.create(
            birth_date=date(1990, 1, 1 + number), recorded_by=cast.members["worker"],
            recorded_at=at_noon(cast.today),
        )  # fmt: skip
        Enrolment.objects.create(
            client=client, office=cast.office, starts_on=cast.today,
            recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as more, alone(tmp_path / "two"):
        work_on(tmp_path / "two", cast.office, on=cast.today, at=at_noon(cast.today), seconds=0)
    assert len(more) <= len(few)


@pytest.mark.usefixtures("without_workbooks")
def test_the_command_says_what_came_and_proves_it(cast, papers_folder, tmp_path):
    file = take_out(cast.office, tmp_path / "out", cast.today)
    said = StringIO()
    call_command("import_office", file, check=True, stdout=said)
    assert "目録のとおり" in said.getvalue()
    with pytest.raises(CommandError, match="もうここにあります"):
        call_command("import_office", file, stdout=said)
    empty_the_database()
    call_command("import_office", file, stdout=said)
    for text in (
        "事業所番号 1500000001", "面談・連絡: 3件", "取り込みました",
        "1件の締めは、すべて凍結したときのままです", "すべて規則どおりです", "first_admin",
    ):  # fmt: skip
        assert text in said.getvalue()
