"""就労定着率 and the year of an office as one workbook: the same values as the pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.queries.record_basis import RecordBasis
from billing.queries.tier_basis import TierBasis, tier_words
from clients.queries.staffing import Staffing
from clients.rules.survival import CurveStep
from teikyaku.desk.queries.forecast import Forecast
from teikyaku.desk.queries.office_year import OfficeYear
from teikyaku.desk.queries.retention import before_lines, erased_lines, fees_of, lines_of
from teikyaku.desk.queries.survival_line import percent
from teikyaku.era import fiscal_year_label
from teikyaku.sheet_charts import Bars
from teikyaku.spreadsheets import Column, Kind, Sheet, Value, workbook
from teikyaku.tags import rule_label


def year_workbook(basis: TierBasis, year: OfficeYear, ahead: Forecast) -> bytes:
    """One sheet for each part of the pages."""
    return workbook(
        [
            Sheet(_("まとめ"), _summary_columns(), _summary(basis, year, ahead)),
            Sheet(_("就労定着率（一人ひとり）"), _people_columns(), _people(basis)),
            Sheet(_("基本報酬"), _fee_columns(), _fees(basis)),
            Sheet(_("来年度の見通し"), _ahead_columns(), _ahead(ahead)),
            Sheet(_("実績体制加算"), _stay_columns(), _stays(year)),
            Sheet(_("前年度の利用者数"),
                  [Column(_("月"), Kind.MONTH), Column(_("利用者数"), Kind.NUMBER)],
                  year.staffing.months, Bars((1,))),
            Sheet(_("面談"), _coverage_columns(), _coverage(year), Bars((1, 2))),
            Sheet(_("終了の理由"),
                  [Column(_("年度"), Kind.NUMBER),
                   *(Column(label, Kind.NUMBER) for label in year.end_reasons),
                   Column(_("合計"), Kind.NUMBER)],
                  [(each.year, *each.counts, each.total) for each in year.ends],
                  Bars(range(1, len(year.end_reasons) + 1), is_stacked=True)),
            Sheet(_("就労の続き方"), _curve_columns(), _curve(year.curve.steps), Bars((3,))),
        ]
    )  # fmt: skip


def _summary_columns() -> list[Column]:
    return [
        Column(_("項目"), width=44), Column(_("値"), width=44), Column(_("数"), Kind.NUMBER),
        Column(_("全体"), Kind.NUMBER),
    ]  # fmt: skip


def _of(label: str, part: int, whole: int, words: str = "") -> Sequence[Value]:
    """A share: as people read it, and as numbers that can be summed."""
    return label, f"{part} / {whole} {words}".strip(), part, whole


def _number(label: str, value: int | Decimal | None, words: str = "") -> Sequence[Value]:
    return label, words, value, None


def _words(label: str, words: str) -> Sequence[Value]:
    return label, words, None, None


def _summary(basis: TierBasis, year: OfficeYear, ahead: Forecast) -> Iterator[Sequence[Value]]:
    yield _words(_("年度"), fiscal_year_label(basis.year))
    yield from _rate_lines(basis)
    yield _of(_("来年度の見通し"), ahead.now.employed, ahead.now.total, ahead.now.tier)
    if ahead.lacks:
        yield _words(_("来年度の見通しの数に足りない人"), ahead.lacks)
    yield from _record_lines(year.basis)
    yield from _staffing_lines(year.staffing)
    referrals = year.referrals
    yield _number(_("センターへの引き継ぎ：共有"), referrals.shared)
    yield _number(_("センターへの引き継ぎ：受け入れ"), referrals.accepted)
    yield _number(_("センターへの引き継ぎ：断り"), referrals.declined)
    for label, people in year.led:
        yield _number(_("つなぎ（使えなかった方）：%(outcome)s") % {"outcome": label}, people)
    if not year.curve.is_shown:
        words = _("%(n)d人になると出ます。") % {"n": year.curve.enough}
        yield _words(_("就労の続き方"), words)


def _rate_lines(basis: TierBasis) -> Iterator[Sequence[Value]]:
    tier = tier_words(basis.first_tariff, basis.tier) if basis.tier else ""
    confirmed = basis.confirmed
    yield _of(_("3月31日に働いている人／数える人"), basis.employed, basis.found.total)
    if basis.lacks:
        yield _words(_("就労定着率の数に足りない人"), basis.lacks)
    yield _number(_("まだ確かめていない人"), basis.open)
    yield _words(_("いまの記録での区分"), tier)
    if confirmed is None:
        yield _words(_("確認した区分"), _("まだ確認していません"))
        return
    yield _words(_("確認した区分"), confirmed.get_tier_display())
    yield _words(_("届出日"), f"{confirmed.notified_on:%Y/%m/%d}")


def _record_lines(basis: RecordBasis) -> Iterator[Sequence[Value]]:
    confirmed = basis.confirmed
    label = _("実績体制加算：42か月以上78か月未満の人／数える人")
    yield _of(label, basis.long, basis.found.total)
    if basis.lacks:
        yield _words(_("実績体制加算：数に足りない人"), basis.lacks)
    yield _number(_("実績体制加算：まだ分からない人"), basis.open)
    yield _words(_("実績体制加算：7割以上か"), _("はい") if basis.found.is_met else _("いいえ"))
    if confirmed is None:
        yield _words(_("実績体制加算：届出"), _("記録がありません"))
        return
    yield _words(_("実績体制加算：届出日"), f"{confirmed.notified_on:%Y/%m/%d}")
    if confirmed.numerator is not None and confirmed.denominator is not None:
        label = _("実績体制加算：届出のときの人数")
        yield _of(label, confirmed.numerator, confirmed.denominator)


def _staffing_lines(staffing: Staffing) -> Iterator[Sequence[Value]]:
    needed, posts = staffing.needed, staffing.posts
    average = staffing.average if needed else None
    yield _number(_("前年度の平均利用者数"), average)
    label = _("必要な就労定着支援員（常勤換算）")
    yield _number(label, staffing.posts_needed if needed else None)
    yield _number(
        _("いまの就労定着支援員（常勤換算）"),
        posts.worker_posts if posts else None,
        "" if posts else _("記録がありません"),
    )
    yield _number(_("必要なサービス管理責任者"), needed.managers if needed else None)
    yield _number(_("いまのサービス管理責任者"), staffing.managers)


def _people_columns() -> list[Column]:
    return [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("数え方")), Column(_("わけ"), width=56),
        Column(_("根拠"), width=34), Column(_("利用開始日"), Kind.DATE),
        Column(_("利用の終了日"), Kind.DATE), Column(_("だれから")),
        Column(_("確かめた日"), Kind.DATE), Column(_("記録した人")),
    ]  # fmt: skip


def _people(basis: TierBasis) -> Iterator[Sequence[Value]]:
    for line in lines_of(basis):
        user, answer = line.user, line.user.answer
        yield (
            user.name, user.kana, line.label, line.reason.text, rule_label(line.reason.rule),
            user.enrolment.use_starts_on, user.enrolment.ends_on,
            answer.get_source_display() if answer else "", answer.asked_on if answer else None,
            answer.recorded_by.user.name if answer else "",
        )  # fmt: skip
    for gone in (*before_lines(basis.before), *erased_lines(basis.erased)):
        yield (
            gone.words,
            "",
            gone.label,
            gone.reason.text,
            rule_label(gone.reason.rule),
            None,
            None,
            "",
            None,
            "",
        )


def _fee_columns() -> list[Column]:
    return [
        Column(_("月"), width=28), Column(_("報酬表"), width=34), Column(_("区分")),
        Column(_("1か月の単位"), Kind.UNITS), Column(_("1人1か月（加算・減算なし）"), Kind.YEN),
        Column(_("見本か・ないわけ"), width=44),
    ]  # fmt: skip


def _fees(basis: TierBasis) -> Iterator[Sequence[Value]]:
    for fee in fees_of(basis):
        note = fee.problem or (_("見本") if fee.is_sample else "")
        yield fee.months, fee.table, fee.tier, fee.units, fee.yen, note


def _ahead_columns() -> list[Column]:
    return [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("いまの記録では")),
        Column(_("何の記録か"), width=24),
    ]  # fmt: skip


def _ahead(ahead: Forecast) -> Iterator[Sequence[Value]]:
    for line in ahead.lines:
        works = _("働いている") if line.works else _("働いていない")
        yield line.user.name, line.user.kana, works, line.user.basis
    for gone in ahead.erased:
        yield gone.words, "", gone.label, ""


def _stay_columns() -> list[Column]:
    return [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("就職日"), Kind.DATE),
        Column(_("働いたと分かっている日"), Kind.DATE), Column(_("月数"), Kind.NUMBER),
        Column(_("利用の終了日"), Kind.DATE), Column(_("わけ"), width=48),
    ]  # fmt: skip


def _stays(year: OfficeYear) -> Iterator[Sequence[Value]]:
    for line in year.stays:
        stay = line.stay
        yield (
            stay.name, stay.kana, stay.hired_on, stay.known_until, line.months,
            stay.enrolment.ends_on, line.person.reason.text,
        )  # fmt: skip
    for gone in year.erased:
        yield gone.words, "", None, None, None, None, gone.reason.text


def _coverage_columns() -> list[Column]:
    return [
        Column(_("月"), Kind.MONTH), Column(_("利用者数"), Kind.NUMBER),
        Column(_("対面・テレビ電話で会えた人"), Kind.NUMBER), Column(_("割合（％）"), Kind.NUMBER),
    ]  # fmt: skip


def _coverage(year: OfficeYear) -> Iterator[Sequence[Value]]:
    for row in year.coverage:
        yield row.month, row.in_use, row.met, row.percent


def _curve_columns() -> list[Column]:
    return [
        Column(_("就職してからの月数"), Kind.NUMBER), Column(_("その月まで見ていた人"), Kind.NUMBER),
        Column(_("離職した人"), Kind.NUMBER), Column(_("続いている割合（％）"), Kind.NUMBER),
    ]  # fmt: skip


def _curve(steps: Iterable[CurveStep]) -> Iterator[Sequence[Value]]:
    for step in steps:
        yield step.months, step.watched, step.left, percent(step.share)
