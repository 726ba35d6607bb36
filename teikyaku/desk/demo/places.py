"""Wards, offices, staff and organisations of the demo city."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from clients.models import Organisation
from plans.actions.handover_duty import set_handover_system
from teikyaku.accounts.actions.audit import audit_all
from teikyaku.accounts.models import Membership, Municipality, Office, OfficeTerms, User
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon

PASSWORD = "teikyaku-demo"  # noqa: S105  (printed at every start, protects nothing)
# docs/rules.md §4: numbers of Niigata and its wards, certainty [?].
CITY = ("151001", "新潟市", "にいがたし")
WARDS = (
    ("151019", "北区", "きたく"), ("151027", "東区", "ひがしく"), ("151035", "中央区", "ちゅうおうく"),
    ("151043", "江南区", "こうなんく"), ("151050", "秋葉区", "あきはく"), ("151068", "南区", "みなみく"),
    ("151076", "西区", "にしく"), ("151084", "西蒲区", "にしかんく"),
)  # fmt: skip
ELSEWHERE = ("999990", "さざなみ市", "さざなみし")
OFFICES = (
    ("1599900015", "みなとサポート", "社会福祉法人 架空みなと会", True),
    ("1599900023", "にしかわ定着支援センター", "NPO法人 架空にしかわ", False),
    ("1599900031", "あかり就労サポート", "一般社団法人 架空あかり", False),
    ("1599900049", "かもめワークス", "株式会社 架空かもめ", False),
)
WORKER, MANAGER, HEAD, MONEY = (
    Role.SUPPORT_WORKER, Role.SERVICE_MANAGER, Role.OFFICE_MANAGER, Role.BILLING,
)  # fmt: skip
# address, name, office index, roles
OFFICE_STAFF = (
    ("worker", "青木 はるか", 0, (WORKER,)),
    ("worker2", "石井 じゅん", 0, (WORKER,)),
    ("manager", "上野 みどり", 0, (MANAGER,)),
    ("head", "遠藤 つよし", 0, (HEAD,)),
    ("billing", "大野 かな", 0, (MONEY,)),
    ("nishi-worker", "加藤 そら", 1, (WORKER,)),
    ("nishi-manager", "木村 あき", 1, (MANAGER, WORKER)),
    ("nishi-head", "工藤 さとし", 1, (HEAD, MONEY)),
    ("akari-worker", "今野 ゆうき", 2, (WORKER,)),
    ("akari-all", "佐野 りえ", 2, (HEAD, MANAGER, WORKER, MONEY)),
    ("kamome-worker", "島田 ひかる", 3, (WORKER,)),
    ("kamome-head", "須藤 まさみ", 3, (HEAD, MANAGER, MONEY)),
)
# address, name, ward index
WARD_STAFF = (
    ("chuo", "瀬川 ともや", 2), ("chuo2", "相馬 けい", 2), ("kita", "竹内 なみ", 0),
    ("higashi", "千葉 いずみ", 1), ("nishi", "堤 あや", 6), ("konan", "都築 れん", 3),
    ("akiha", "手塚 みお", 4), ("minami", "戸川 ゆたか", 5), ("nishikan", "永井 ちか", 7),
)  # fmt: skip

# How the family names of the staff are read; given names are written in kana.
READINGS = {
    "青木": "あおき", "石井": "いしい", "上野": "うえの", "遠藤": "えんどう", "大野": "おおの",
    "加藤": "かとう", "木村": "きむら", "工藤": "くどう", "今野": "こんの", "佐野": "さの",
    "島田": "しまだ", "須藤": "すどう", "瀬川": "せがわ", "相馬": "そうま", "竹内": "たけうち",
    "千葉": "ちば", "堤": "つつみ", "都築": "つづき", "手塚": "てづか", "戸川": "とがわ",
    "永井": "ながい", "外山": "とやま", "中原": "なかはら", "西尾": "にしお", "日野": "ひの",
    "早川": "はやかわ", "深沢": "ふかざわ",
}  # fmt: skip


@dataclass(slots=True)
class City:
    """Everything that stands before the people come."""

    today: date
    wards: list[Municipality] = field(default_factory=list)
    elsewhere: Municipality | None = None
    offices: list[Office] = field(default_factory=list)
    staff: dict[str, Membership] = field(default_factory=dict)
    consultation: list[Organisation] = field(default_factory=list)
    centres: list[Organisation] = field(default_factory=list)

    def of_office(self, index: int, role: Role) -> list[Membership]:
        """The members of an office with a role, in a steady order."""
        office = self.offices[index]
        return [m for m in self.staff.values() if m.office_id == office.pk and m.has_role(role)]


def build_places(today: date, began: date) -> City:
    """Wards, offices with their terms, staff with sign-ins, consultation offices and centres."""
    city = City(today)
    root = Municipality.objects.create(
        code=CITY[0], name=CITY[1], kana=CITY[2], kind=Municipality.Kind.CITY
    )
    city.wards = [
        Municipality.objects.create(
            code=code, name=name, kana=kana, kind=Municipality.Kind.WARD, city=root,
            department="健康福祉課", phone=f"025-000-01{index:02}",
        )
        for index, (code, name, kana) in enumerate(WARDS)
    ]  # fmt: skip
    city.elsewhere = Municipality.objects.create(
        code=ELSEWHERE[0], name=ELSEWHERE[1], kana=ELSEWHERE[2]
    )
    _offices(city, began)
    _staff(city, root, began)
    _terms(city, began)
    _handover_systems(city, began)
    _organisations(city)
    return city


def _offices(city: City, began: date) -> None:
    for index, (number, name, corporation, shares) in enumerate(OFFICES):
        city.offices.append(
            Office.objects.create(
                number=number, name=name, corporation=corporation, shares_number=shares,
                opened_on=began, postal_code=f"950-000{index + 1}",
                address=f"新潟市中央区架空町{index + 1}丁目2-3", phone=f"025-000-000{index + 1}",
                bank_account=f"架空銀行 本店 普通 000000{index + 1}",
            )
        )  # fmt: skip


def _staff(city: City, root: Municipality, began: date) -> None:
    hashed = make_password(PASSWORD)
    for key, name, office, roles in OFFICE_STAFF:
        city.staff[key] = member_with(key, name, hashed, roles, began, office=city.offices[office])
    for key, name, ward in WARD_STAFF:
        roles = (Role.WARD_OFFICER,)
        city.staff[key] = member_with(
            key, name, hashed, roles, began, municipality=city.wards[ward]
        )
    city.staff["city"] = member_with(
        "city", "外山 しのぶ", hashed, (Role.CITY,), began, municipality=root
    )
    for key, name in (("admin", "中原 たまき"), ("admin2", "西尾 わたる")):
        city.staff[key] = member_with(key, name, hashed, (Role.SYSTEM_ADMIN,), began)
    # Somebody who works at two offices, and switches between them.
    second = Membership(
        user=city.staff["worker2"].user, office=city.offices[3], roles=[WORKER], starts_on=began
    )
    second._history_date = at_noon(began)  # type: ignore[attr-defined]
    second.save()
    # All but the first administrator, who came by the command.
    first = city.staff["admin"]
    invited([each for each in (*city.staff.values(), second) if each is not first], first, began)


def invited(members: Iterable[Membership], by: Membership, on: date) -> None:
    """Who gave each membership stands on the record."""
    audit_all(verb="member_invited", subjects=((each, by) for each in members), at=at_noon(on))


def member_with(
    key: str, name: str, hashed: str, roles: tuple[Role, ...], began: date, **place: object
) -> Membership:
    """Somebody who can sign in, with one membership."""
    family, _blank, given = name.partition(" ")
    kana = f"{READINGS[family]} {given}"
    user = User(email=f"{key}@example.jp", name=name, kana=kana, password=hashed)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    member = Membership(user=user, roles=[role.value for role in roles], starts_on=began, **place)
    member._history_date = at_noon(began)  # type: ignore[attr-defined]
    member.save()
    return member


def _handover_systems(city: City, began: date) -> None:
    """Guideline and appointed person; one office has not written its guideline yet."""
    for index, key in enumerate(("manager", "nishi-manager", "akari-all", "kamome-head")):
        member = city.staff[key]
        set_handover_system(
            office=city.offices[index], starts_on=began,
            guideline="" if key == "kamome-head" else "引き継ぎの指針（事務室の棚）",
            appointed=member, by=member, at=at_noon(began),
        )  # fmt: skip


def _terms(city: City, began: date) -> None:
    admin = city.staff["admin"]
    for office in city.offices:
        OfficeTerms.objects.create(
            office=office, starts_on=began, area_class=OfficeTerms.AreaClass.OTHER,
            unit_price=Decimal("10.00"), source="見本（デモ）", recorded_by=admin,
            recorded_at=at_noon(began),
        )  # fmt: skip


def _organisations(city: City) -> None:
    kinds = Organisation.Kind
    for index, name in enumerate(("相談室しおかぜ", "計画相談なぎさ", "相談支援ひより")):
        city.consultation.append(
            Organisation.objects.create(
                kind=kinds.CONSULTATION, name=f"{name}（架空）", phone=f"025-000-100{index}"
            )
        )
    core = Organisation.objects.create(
        kind=kinds.CENTRE, name="新潟市障がい者就業支援センター こあサポート"
    )
    core.areas.set(city.wards)
    life = Organisation.objects.create(
        kind=kinds.CENTRE, name="障害者就業・生活支援センター らいふあっぷ"
    )
    life.areas.set(city.wards)
    city.centres = [core, life]
