"""和暦: what people type and what papers carry, read; one way of writing; refusals that help."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teikyaku.era import (
    ERAS,
    DateInputError,
    both,
    fiscal_year_label,
    parse_date,
    parse_month,
    wareki,
    wareki_month,
    wareki_short,
)
from teikyaku.periods import Month

days = st.dates(min_value=date(1868, 10, 23), max_value=date(2199, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "2026-04-01", "2026/4/1", "2026.4.1", "20260401", "2026年4月1日", "2026年04月01日",
        "２０２６年４月１日", "２０２６−０４−０１", "2026ー4ー1", "2026・4・1", "  2026-04-01 ",
        "2026年 4月 1日", "令和8年4月1日", "令和８年４月１日", "令和 8年 4月 1日", "R8.4.1", "r8.4.1",
        "R08.04.01", "R8/4/1", "R8-4-1", "Ｒ８．４．１", "令8.4.1", "㋿8.4.1", "㋿8年4月1日",
        "R080401", "平成38年4月1日", "2026年4月1日（令和8年）", "令和8年（2026年）4月1日",
        "2026年4月1日(水)", "R8.4.1（水曜日）", "2026/4\u3000/1",
    ],
)  # fmt: skip
def test_one_day_in_every_spelling(typed):
    assert parse_date(typed) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        pytest.param("S60.4.1", "1985-04-01", id="letter"),
        pytest.param("s60/4/1", "1985-04-01", id="small-letter"),
        pytest.param("昭和60年4月1日", "1985-04-01", id="name"),
        pytest.param("昭60.4.1", "1985-04-01", id="first-character"),
        pytest.param("S600401", "1985-04-01", id="without-separator"),
        pytest.param("㍼60.4.1", "1985-04-01", id="square-showa"),
        pytest.param("㍻3年4月1日", "1991-04-01", id="square-heisei"),
        pytest.param("㍽9.4.1", "1920-04-01", id="square-taisho"),
        pytest.param("㍾40.4.1", "1907-04-01", id="square-meiji"),
        pytest.param("M1.10.23", "1868-10-23", id="first-day-of-all"),
        pytest.param("明治45年7月29日", "1912-07-29", id="last-day-of-meiji"),
        pytest.param("大正元年7月30日", "1912-07-30", id="first-day-of-taisho"),
        pytest.param("大正15年12月24日", "1926-12-24", id="last-day-of-taisho"),
        pytest.param("昭和元年12月25日", "1926-12-25", id="first-day-of-showa"),
        pytest.param("昭和64年1月7日", "1989-01-07", id="last-day-of-showa"),
        pytest.param("平成元年1月8日", "1989-01-08", id="first-day-of-heisei"),
        pytest.param("平成31年4月30日", "2019-04-30", id="last-day-of-heisei"),
        pytest.param("R1.5.1", "2019-05-01", id="first-day-of-reiwa"),
        pytest.param("令和元年5月1日", "2019-05-01", id="first-day-of-reiwa-in-words"),
        pytest.param("平成31年5月1日", "2019-05-01", id="heisei-overrun-by-a-day"),
        pytest.param("平成33年3月31日", "2021-03-31", id="heisei-overrun-by-years"),
        pytest.param("S63.2.29", "1988-02-29", id="leap-day"),
        pytest.param("2199-12-31", "2199-12-31", id="last-day-of-all"),
    ],
)
def test_days_of_every_era(typed, day):
    assert parse_date(typed) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("2026-02-30", "2026年2月は28日まで", id="february"),
        pytest.param("S60.2.29", "1985年2月は28日まで", id="no-leap-day"),
        pytest.param("2026-04-31", "2026年4月は30日まで", id="april"),
        pytest.param("2026-04-00", "4月0日はありません", id="day-zero"),
        pytest.param("2026-13-01", "13月はありません", id="month-13"),
        pytest.param("2026-00-01", "0月はありません", id="month-zero"),
        pytest.param("8.4.1", "元号を付けて", id="year-without-era"),
        pytest.param("60/4/1", "元号を付けて", id="two-digits"),
        pytest.param("元年5月1日", "元号を付けて", id="first-year-of-nothing"),
        pytest.param("S0.4.1", "昭和元年", id="year-zero"),
        pytest.param("昭和64年1月8日", "平成元年1月8日ではありませんか", id="day-after-showa"),
        pytest.param("昭和70年4月1日", "平成7年4月1日ではありませんか", id="showa-overrun"),
        pytest.param("大正15年12月25日", "昭和元年12月25日ではありませんか", id="day-after-taisho"),
        pytest.param("令和元年4月30日", "平成31年4月30日ではありませんか", id="day-before-reiwa"),
        pytest.param("H1.1.7", "昭和64年1月7日ではありませんか", id="day-before-heisei"),
        pytest.param("1868-10-22", "1868年10月23日から", id="before-all-eras"),
        pytest.param("M1.1.25", "1868年10月23日から", id="meiji-before-its-proclamation"),
        pytest.param("2200-01-01", "2199年まで", id="after-all"),
        pytest.param("9999-12-31", "2199年まで", id="end-of-the-calendar"),
        pytest.param("R9999.1.1", "2199年まで", id="era-beyond-the-calendar"),
        pytest.param("2026-04", "何日か", id="day-missing"),
        pytest.param("令和8年4月", "何日か", id="day-missing-in-words"),
        pytest.param("2026年4月1日（木）", "水曜日です", id="wrong-weekday"),
        pytest.param("2026年4月1日（令和7年）", "合いません", id="two-years"),
        pytest.param("2026年4月1日（予定）", "読めませんでした", id="remark"),
        pytest.param("", "例：2026-04-01、令和8年4月1日、R8.4.1", id="empty"),
        pytest.param("   ", "例：", id="blank"),
        pytest.param("来週", "例：", id="words"),
        pytest.param("2026-04-01 10:00", "例：", id="with-time"),
        pytest.param("2026040", "例：", id="seven-digits"),
        pytest.param("X8.4.1", "例：", id="unknown-letter"),
        pytest.param("-2026-04-01", "例：", id="negative"),
        pytest.param("1" * 5000, "例：", id="very-long"),
    ],
)
def test_what_is_no_day_is_refused_in_helpful_words(typed, words):
    with pytest.raises(DateInputError) as refusal:
        parse_date(typed)

    assert words in str(refusal.value)


@given(days)
def test_every_day_is_read_as_it_is_written(day):
    for text in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        wareki(day),
        wareki_short(day),
        both(day),
    ):
        assert parse_date(text) == day


@given(st.text(max_size=20) | st.text("0123456789元年月日令和平R./-()水", max_size=12))
def test_any_text_is_a_day_or_a_refusal(text):
    with suppress(DateInputError):
        day = parse_date(text)

        assert parse_date(wareki(day)) == day


@pytest.mark.parametrize(
    "typed",
    [
        "2026-04", "2026/4", "2026.4", "202604", "2026年4月", "2026年4月分", "２０２６年４月",
        "令和8年4月", "令和８年４月分", "R8.4", "r8/4", "㋿8.4", "令8.4", "平成38年4月",
    ],
)  # fmt: skip
def test_one_month_in_every_spelling(typed):
    assert parse_month(typed) == Month(2026, 4)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        pytest.param("昭和64年1月", Month(1989, 1), id="month-of-change-old-era"),
        pytest.param("平成元年1月", Month(1989, 1), id="month-of-change-new-era"),
        pytest.param("平成31年4月", Month(2019, 4), id="last-full-month"),
        pytest.param("令和元年5月", Month(2019, 5), id="first-full-month"),
        pytest.param("平成31年5月", Month(2019, 5), id="heisei-overrun"),
        pytest.param("M1.10", Month(1868, 10), id="first-of-all"),
    ],
)
def test_months_of_every_era(typed, month):
    assert parse_month(typed) == month


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("昭和64年2月", "平成元年2月ではありませんか", id="showa-overrun"),
        pytest.param("令和元年4月", "平成31年4月ではありませんか", id="before-reiwa"),
        pytest.param("2026-13", "13月はありません", id="month-13"),
        pytest.param("2026-04-01", "月だけを", id="a-day"),
        pytest.param("8.4", "元号を付けて", id="year-without-era"),
        pytest.param("1868-09", "1868年10月から", id="before-all"),
        pytest.param("2200-01", "2199年まで", id="after-all"),
        pytest.param("4月", "例：2026-04、令和8年4月", id="year-missing"),
        pytest.param("", "例：", id="empty"),
    ],
)
def test_what_is_no_month_is_refused_in_helpful_words(typed, words):
    with pytest.raises(DateInputError) as refusal:
        parse_month(typed)

    assert words in str(refusal.value)


@given(days)
def test_every_month_is_read_as_it_is_written(day):
    month = Month.of(day)

    assert parse_month(str(month)) == month
    assert parse_month(month.label) == month
    assert parse_month(wareki_month(month)) == month


def test_days_in_words():
    assert wareki(date(2026, 4, 1)) == "令和8年4月1日"
    assert wareki(date(2019, 5, 1)) == "令和元年5月1日"
    assert wareki_short(date(2019, 5, 1)) == "R1.5.1"
    assert both(date(2026, 4, 1)) == "2026年4月1日（令和8年）"
    assert both(date(2019, 4, 30)) == "2019年4月30日（平成31年）"
    assert wareki_month(Month(2026, 4)) == "令和8年4月"
    assert wareki_month(Month(2019, 4)) == "平成31年4月"
    assert wareki_month(Month(1989, 1)) == "平成元年1月"
    assert fiscal_year_label(2026) == "2026年度（令和8年度）"
    assert fiscal_year_label(2019) == "2019年度（令和元年度）"


def test_no_day_before_the_first_era_is_written():
    with pytest.raises(ValueError, match="1868-10-22"):
        wareki(date(1868, 10, 22))


@pytest.mark.parametrize("index", range(1, len(ERAS)))
def test_an_era_begins_the_day_after_the_last_one_ends(index):
    first = ERAS[index].starts_on

    assert wareki(first).startswith(f"{ERAS[index].name}元年")
    assert wareki(first - timedelta(days=1)).startswith(ERAS[index - 1].name)
