"""職員の一覧: looked at cell by cell, nobody invited before the press, one person once, taken back."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from teikyaku.accounts.actions.membership import accept_invitation
from teikyaku.accounts.actions.staff_list import Colleague, invite_staff, take_back
from teikyaku.accounts.invitations import absolute_link
from teikyaku.accounts.models import Membership, OutboxMail, StaffQualification, User
from teikyaku.accounts.rules.role_words import UnknownRole, roles_in
from teikyaku.clock import at_noon, date_of, now
from tests.accounts.test_coming_and_going import enter

SHEET = """職員名簿（令和8年度）
氏名,フリガナ,メール,職種,入社日,資格,修了日
新任 一郎,シンニン イチロウ,Ichiro@Example.jp,支援員・サビ管,R8.4.1,サビ管研修,令和6年3月1日
新任 一郎,シンニン イチロウ,ichiro@example.jp,請求事務,,,
新任 二葉,シンニン フタバ,futaba@example.jp,支援員,,,
"""


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("サビ管", {"service_manager"}),
        ("管理者兼サービス管理責任者", {"office_manager", "service_manager"}),
        ("就労定着支援員、請求", {"support_worker", "billing"}),
        ("支援員／事務", {"support_worker", "billing"}),
        ("システム管理者", None),
        ("区役所職員", None),
    ],
)
def test_roles_in_plain_words(text, roles):
    if roles is None:
        with pytest.raises(UnknownRole, match="支援員"):
            roles_in(text)
    else:
        assert set(roles_in(text)) == roles


def read(client, text, name="職員.csv"):
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode("cp932"))
    return client.post(reverse("staff_list"), {"file": file})


def send(client, page, **changes):
    data = {**dict(page.context["rows"].data.items()), "save": "1", **changes}
    return client.post(reverse("staff_list"), data)


def test_nobody_is_invited_before_the_press_and_one_person_is_one(client, cast):
    enter(client, cast.members["head"])
    page = read(client, SHEET)
    assert page.status_code == 200
    assert not page.context["rows"].slips, [f.errors for f in page.context["rows"].forms]
    assert not User.objects.filter(email="ichiro@example.jp").exists()
    assert mail.outbox == []
    assert send(client, page).status_code == 302
    first = Membership.objects.get(user__email="ichiro@example.jp")
    assert set(first.roles) == {"support_worker", "service_manager", "billing"}
    assert (first.office, first.starts_on.isoformat()) == (cast.office, "2026-04-01")
    assert first.user.kana == "しんにん いちろう"
    assert StaffQualification.objects.get(membership=first).kind == "サビ管研修"
    assert {to for each in mail.outbox for to in each.to} == {
        "ichiro@example.jp", "futaba@example.jp",
    }  # fmt: skip
    again = read(client, SHEET)
    assert "もう所属しています" in again.content.decode()
    send(client, again)
    assert Membership.objects.filter(user__email="ichiro@example.jp").count() == 1


def test_slips_stand_at_their_cells(client, cast):
    enter(client, cast.members["head"])
    wrong = SHEET.replace("支援員・サビ管", "社長").replace("futaba@example.jp", "futaba")
    page = read(client, wrong)
    forms = page.context["rows"].forms
    assert [set(form.errors) for form in forms] == [{"roles"}, set(), {"email"}]
    assert forms[0].line_text == "3"
    assert send(client, page).status_code == 422
    assert not Membership.objects.filter(user__email="ichiro@example.jp").exists()
    right = {"rows-0-roles": "支援員", "rows-2-leave_out": "on"}
    assert send(client, page, **right).status_code == 302
    assert Membership.objects.filter(user__email="ichiro@example.jp").exists()


ENDS = """氏名,フリガナ,メール,職種,所属の最後の日
新任 一郎,シンニン イチロウ,ichiro@example.jp,支援員,{first}
新任 一郎,シンニン イチロウ,ichiro@example.jp,請求事務,{second}
"""


def test_two_last_days_of_one_person_are_told_at_their_cells(client, cast):
    enter(client, cast.members["head"])
    first, second = (cast.today + timedelta(days=n) for n in (40, 70))
    page = read(client, ENDS.format(first=first, second=second))
    assert [set(form.errors) for form in page.context["rows"].forms] == [{"ends_on"}] * 2
    assert not User.objects.filter(email="ichiro@example.jp").exists()
    page = read(client, ENDS.format(first="", second=second))
    assert send(client, page).status_code == 302
    assert Membership.objects.get(user__email="ichiro@example.jp").ends_on == second


def colleague(email="neu@example.jp", roles=("support_worker",), **facts):
    from datetime import date

    return Colleague(email=email, name="新任", roles=roles, starts_on=date(2026, 4, 1), **facts)


def yesterday(cast):
    """One instant at whatever hour the tests run: noon of today may be ahead."""
    return at_noon(cast.today - timedelta(days=1))


def invited(cast, *people):
    return invite_staff(
        office=cast.office, people=people or (colleague(),), link_of=absolute_link,
        by=cast.members["head"], at=yesterday(cast),
    )  # fmt: skip


def test_only_roles_of_the_own_office_and_never_oneself(cast):
    with pytest.raises(ValidationError):
        invited(cast, colleague(roles=("system_admin",)))
    with pytest.raises(ValidationError):
        invited(cast, colleague(email=cast.members["head"].user.email))
    with pytest.raises(ValidationError):
        invite_staff(
            office=cast.other_office, people=[colleague()], link_of=absolute_link,
            by=cast.members["head"], at=at_noon(cast.today),
        )  # fmt: skip
    assert not Membership.objects.filter(user__email="neu@example.jp").exists()


def undo(cast):
    return take_back(office=cast.office, invited=yesterday(cast), by=cast.members["head"], at=now())


def test_taken_back_as_a_whole_until_somebody_has_begun(cast):
    (first,) = invited(cast, colleague(kind="研修", obtained_on=date_of(yesterday(cast))))
    assert undo(cast) == 1
    first.refresh_from_db()
    assert first.ended_at is not None
    assert not StaffQualification.objects.filter(membership=first).exists()
    waiting = OutboxMail.objects.waiting().filter(recipient=first.user)
    assert not waiting.exists()


def test_who_has_taken_the_invitation_stays(cast):
    first, second = invited(cast, colleague(), colleague(email="zwei@example.jp"))
    accept_invitation(user=first.user, password="lang genug 2026", at=now())
    with pytest.raises(ValidationError, match="使い始めて"):
        undo(cast)
    second.refresh_from_db()
    assert second.ended_at is None


def test_the_page_takes_back_and_survives_nonsense(client, cast):
    enter(client, cast.members["head"])
    url = reverse("staff_list")
    for nonsense in ("x", "", "99999999999"):
        assert client.post(url, {"save": "1", "rows-TOTAL_FORMS": nonsense}).status_code == 422
    assert read(client, b"\0\1").status_code == 422
    page = read(client, SHEET)
    send(client, page)
    (batch,) = client.get(url).context["batches"]
    assert len(batch.names) == 2
    assert client.post(reverse("staff_list_undo"), {"at": "x"}).status_code == 404
    client.post(reverse("staff_list_undo"), {"at": batch.at.isoformat()})
    assert client.get(url).context["batches"] == []
    for who in ("worker", "manager", "billing"):
        enter(client, cast.members[who])
        assert client.get(url).status_code == 403


def test_the_sample_file_is_read_by_the_page(client, cast):
    enter(client, cast.members["head"])
    book = load_workbook(BytesIO(client.get(reverse("staff_list_file")).content))
    del book["職員"]
    body = BytesIO()
    book.save(body)
    page = read(client, body.getvalue(), "a.xlsx")
    assert [set(form.errors) for form in page.context["rows"].forms] == [set(), set()]


OWN = """まつなみ　職員（R8.11）
,職員名,カナ,役割,勤務,入職,退職,メールアドレス,資格
1,"柳　恵太",ﾔﾅｷﾞ ｹｲﾀ,支援員,非常勤,2025/4/1,,yanagi@example.jp,
2,前田 旧,ﾏｴﾀﾞ ﾋｻｼ,支援員,常勤,R4.10.1,R8.3.31,maeda@example.jp,
3,先田 行,ｻｷﾀﾞ ｲｸ,支援員,常勤,R4.10.1,R20.3.31（予定）,sakida@example.jp,
計,4名,,,,,,,
"""


def test_whoever_has_left_is_told_and_not_invited_and_a_sum_is_nobody(client, cast):
    enter(client, cast.members["head"])
    page = read(client, OWN)
    rows = page.context["rows"].forms
    assert [form["email"].value() for form in rows] == ["yanagi@example.jp", "sakida@example.jp"]
    text = page.content.decode()
    assert "1人（4行目）は、招待の一覧に入れていません" in text
    assert "退職日がこれからの1人（5行目）" in text
    assert send(client, page).status_code == 302
    first = Membership.objects.get(user__email="yanagi@example.jp")
    assert first.starts_on.isoformat() == "2025-04-01"
    leaver = Membership.objects.get(user__email="sakida@example.jp")
    assert (first.ends_on, leaver.ends_on.isoformat()) == (None, "2038-03-31")
    assert not Membership.objects.filter(user__email="maeda@example.jp").exists()


def test_several_qualifications_in_one_cell_are_as_many(client, cast):
    enter(client, cast.members["head"])
    cell = "サービス管理責任者実践研修 R6.2.14、精神保健福祉士（登録、済）, 基礎研修(R3.4.1修了)"
    sheet = f'氏名,メール,職種,資格\n新任 一郎,ichiro@example.jp,サビ管,"{cell}"\n'
    page = read(client, sheet)
    forms = page.context["rows"].forms
    assert [form["kind"].value() for form in forms] == [
        "サービス管理責任者実践研修", "精神保健福祉士（登録、済）", "基礎研修",
    ]  # fmt: skip
    assert [set(form.errors) for form in forms] == [set(), {"obtained_on"}, set()]
    send(client, page, **{"rows-1-obtained_on": "H20.4.1"})
    held = StaffQualification.objects.filter(membership__user__email="ichiro@example.jp")
    assert {(each.kind, each.obtained_on.isoformat()) for each in held} == {
        ("サービス管理責任者実践研修", "2024-02-14"), ("精神保健福祉士（登録、済）", "2008-04-01"), ("基礎研修", "2021-04-01"),
    }  # fmt: skip


def test_several_qualifications_with_a_day_beside_them_are_not_parted(client, cast):
    enter(client, cast.members["head"])
    sheet = '氏名,メール,職種,資格,修了日\n新任 一郎,ichiro@example.jp,サビ管,"甲研修、乙研修",R6.2.14\n'
    (form,) = read(client, sheet).context["rows"].forms
    assert (form["kind"].value(), form["obtained_on"].value()) == ("甲研修、乙研修", "R6.2.14")


def test_an_address_of_somebody_else_opens_no_office(client, cast):
    """A mistyped address that is another place's: told at its cell, without whose it is."""
    enter(client, cast.members["head"])
    other = cast.user("outsider")
    User.objects.filter(pk=other.pk).update(name="外山 みつる")
    page = read(client, SHEET.replace("futaba@example.jp", other.email))
    answer = send(client, page)
    assert answer.status_code == 422
    (wrong,) = [form for form in answer.context["rows"].forms if form.errors]
    assert "ちがう氏名で登録" in str(wrong.errors["email"])
    assert "外山" not in answer.content.decode()
    assert not Membership.objects.filter(user__email="ichiro@example.jp").exists()
    assert not Membership.objects.filter(user=other, office=cast.office).exists()
    # Of the same name, it is the person: they come in with the account that they have.
    User.objects.filter(pk=other.pk).update(name="新任　二葉")
    assert send(client, page).status_code == 302
    assert Membership.objects.filter(user=other, office=cast.office).exists()


def test_two_people_at_one_address_are_rows_to_put_right(client, cast):
    """What the one may do, such as the bills, would come to the other."""
    enter(client, cast.members["head"])
    page = read(client, SHEET.replace("futaba@example.jp", "ichiro@example.jp"))
    answer = send(client, page)
    assert answer.status_code == 422
    wrong = [str(form.errors["email"]) for form in answer.context["rows"].forms if form.errors]
    assert len(wrong) == 3
    assert all("ちがう氏名の行にも" in each for each in wrong)
    assert not Membership.objects.filter(user__email="ichiro@example.jp").exists()


ONE_CELL = (
    "氏名,メールアドレス,職種,資格・研修\r\n"
    "柳 由香,yanagi@example.jp,就労定着支援員,基礎研修 R6.7.1\r\n"
    "崎田 守,sakida@example.jp,就労定着支援員,相談支援初任者研修（令和9年3月31日まで）\r\n"
    "計　2名,,常勤2,\r\n"
).encode()


@pytest.mark.django_db
def test_a_training_and_its_day_in_one_cell_are_two_and_a_sum_is_told(client, cast):
    enter(client, cast.members["head"])
    page = read(client, ONE_CELL)
    first, second = page.context["rows"].forms
    assert (first["kind"].value(), first["obtained_on"].value()) == ("基礎研修", "R6.7.1")
    assert second["valid_until"].value() == "令和9年3月31日"
    assert "合計などの行（4行目）" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind",
    [
        "サービス管理責任者 更新研修",
        "ｻｰﾋﾞｽ管理責任者",
        "ジョブコーチ（第１号）",
        "㈱〇〇の研修－前期",
    ],
)
def test_a_training_keeps_its_letters_where_its_day_stands_beside_it(client, cast, kind):
    enter(client, cast.members["head"])
    body = f"氏名,メールアドレス,職種,資格・研修\r\n柳 由香,y@example.jp,就労定着支援員,{kind} Ｒ６．７．１\r\n"
    (row,) = read(client, body.encode()).context["rows"].forms
    assert (row["kind"].value(), row["obtained_on"].value()) == (kind, "R6.7.1")


@pytest.mark.django_db
def test_a_workbook_of_the_old_kind_is_told_how_to_be_saved(client, cast):
    enter(client, cast.members["head"])
    page = read(client, b"\xd0\xcf\x11\xe0" + b"0" * 100)
    assert "古い形式（.xls）" in page.content.decode()


def test_rows_that_are_sent_by_no_button_stand_as_typed(client, cast):
    enter(client, cast.members["head"])
    counts = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0"}
    typed = {"rows-0-name": "新任 三葉", "rows-0-email": "mitsuba"}
    page = client.post(reverse("staff_list"), counts | typed).content.decode()
    assert all(f'value="{text}"' in page for text in typed.values())


@pytest.mark.parametrize("button", ["save", "more", "none"])
@pytest.mark.parametrize("count", ["3.8e+16", "", "-1", "9999"])
def test_rows_whose_count_came_broken_stand_as_typed(client, cast, count, button):
    enter(client, cast.members["head"])
    counts = {"rows-TOTAL_FORMS": count, "rows-INITIAL_FORMS": "0", button: "1"}
    typed = {"rows-1-name": "新任 三葉", "rows-1-email": "mitsuba"}
    page = client.post(reverse("staff_list"), counts | typed).content.decode()
    assert all(f'value="{text}"' in page for text in typed.values())
