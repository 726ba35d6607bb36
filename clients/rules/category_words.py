"""The sentences of the copayment category (docs/rules.md §5), apart from the rule."""

from __future__ import annotations

from clients.rules.citing import by_guidance, by_practice, by_source, not_settled
from teikyaku.money import yen
from teikyaku.periods import Month
from teikyaku.reasons import Reason

CONTRADICTION = "category.contradiction"
CERTIFICATE_WINS = "category.certificate_wins"
CARRIED_OVER = "category.carried_over"
ASK_ASSISTANCE = "生活保護を受けていますか。"
ASK_TAX = "市民税は課税されていますか。分からないときは、前年の給与収入（総額）はいくらでしたか。"
ASK_SPOUSE = "配偶者はいますか。いるときは、配偶者に市民税が課税されていますか。"
ASK_HOME = "グループホームに住んでいますか（20歳以上で施設に入所している方も同じです）。"
ASK_LEVY = "区役所で調整した後の世帯の所得割額はいくらですか。通知書の額では判定できません。"


def carried_over(since: Month, tax_year: int) -> Reason:
    """The household on file was stated for the tax of another year."""
    return by_practice(
        5,
        CARRIED_OVER,
        f"世帯の記録は、前の年度（{since.label}から）のものです。{tax_year}年7月からの区分は{tax_year}年度の"
        "市民税で決まるため、この記録からは見込みを出しません。今年度の世帯の収入状況を記録してください。",
    )


def public_assistance() -> Reason:
    """生活保護."""
    return by_guidance(5, "category.public_assistance", "生活保護を受けている世帯の区分です。")


def person_taxed(is_taxed: bool) -> Reason:
    """What was stated about the person's own tax."""
    how = "課税されています" if is_taxed else "課税されていません"
    return by_guidance(5, "category.person_tax", f"本人に市民税が{how}。")


def by_salary(salary_yen: int, limit_yen: int) -> Reason:
    """Estimated from the gross salary of the year before."""
    how = (
        "未満のため、障がいのある方は非課税の見込みです"
        if salary_yen < limit_yen
        else "以上のため、課税される見込みです"
    )
    return by_guidance(
        5,
        "category.salary",
        f"前年の給与収入{yen(salary_yen)}が{yen(limit_yen)}{how}。",
    )


def spouse_taxed() -> Reason:
    """The spouse belongs to the household."""
    return by_practice(
        5,
        "category.spouse_taxed",
        "世帯は本人と配偶者で見ます。配偶者に課税されているため、課税世帯です。",
    )


def exempt_household() -> Reason:
    """Nobody in the household pays the tax."""
    return by_guidance(
        5, "category.exempt", "本人と配偶者に市民税が課税されていない世帯の区分です。"
    )


def special_home() -> Reason:
    """Group home, or facility from the age of 20."""
    return by_source(
        5,
        "category.special_home",
        "課税世帯でグループホームに住む方（20歳以上の施設入所の方も同じ）は一般2になります。",
    )


def home_unknown() -> Reason:
    """The home must be asked before the amount."""
    return by_source(
        5,
        "category.home_unknown",
        "グループホームに住んでいるかどうかで、一般1か一般2かが変わります。",
    )


def by_levy(levy_yen: int, limit_yen: int) -> Reason:
    """所得割 as adjusted, beside the limit."""
    how = "未満のため一般1" if levy_yen < limit_yen else "以上のため一般2"
    return by_guidance(
        5,
        "category.levy",
        f"調整後の世帯の所得割額{yen(levy_yen)}が{yen(limit_yen)}{how}に当たります。",
    )


def levy_unknown(limit_yen: int) -> Reason:
    """Taxed, but the figure that counts is not known."""
    return by_practice(
        5,
        "category.levy_unknown",
        f"課税世帯は、所得割額が{yen(limit_yen)}未満かどうかで一般1と一般2に分かれます。政令市では"
        "税の通知書の額をそのまま使えないため、区役所で調整した額が分かるまで決められません。",
    )


def tax_unknown() -> Reason:
    """Whether the household is taxed is not known."""
    return not_settled(
        5,
        "category.tax_unknown",
        "世帯に市民税がかかっているかが分からないため、区分を1つに決められません。",
    )


def assistance_and_tax() -> Reason:
    """生活保護 beside a tax: one of them may be of another year."""
    return _doubt(
        "生活保護を受けていて、市民税の課税もあると書かれています。"
        "ここでは生活保護の区分にしました。どちらも今年度のことかを確かめてください。"
    )


def exempt_with_levy(levy_yen: int) -> Reason:
    """Nobody pays the tax, and yet there is an amount of it."""
    return _doubt(
        f"市民税が課税されていない世帯で、所得割額は{yen(levy_yen)}と書かれています。"
        "どちらが正しいかを確かめてください。"
    )


def tax_against_salary(is_taxed: bool, salary_yen: int, limit_yen: int) -> Reason:
    """What was stated about the tax is not what the salary leads one to expect."""
    stated = "課税されている" if is_taxed else "課税されていない"
    how = "未満" if salary_yen < limit_yen else "以上"
    return _doubt(
        f"市民税は{stated}と書かれていますが、前年の給与収入{yen(salary_yen)}は{yen(limit_yen)}{how}です。"
        "ここでは市民税の答えで計算しました。どちらも同じ年度のことかを確かめてください。"
    )


def taxed_spouse_of_nobody() -> Reason:
    """No spouse, and yet the spouse is taxed."""
    return _doubt(
        "配偶者はいないと書かれていますが、配偶者に課税されているとも書かれています。"
        "ここではいないものとして計算しました。どちらが正しいかを確かめてください。"
    )


def _doubt(text: str) -> Reason:
    return not_settled(5, CONTRADICTION, text)


def certificate_wins() -> Reason:
    """What always stands beside a computed category."""
    return by_practice(
        5,
        CERTIFICATE_WINS,
        "これは見込みです。実際の負担上限月額は、受給者証に書かれた額が優先します。",
    )
