"""Choosing people of the caseload: by keyboard, with and without scripts, at the size of a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.browser import PHONE, press
from tests.browser.test_live_lists import _orm_beside_the_browser, pytestmark, visit  # noqa: F401
from tests.cast import ready_person

URL = "/caseload/?ask=in_use&staff=all"
TOUCH = 44


@pytest.fixture
def three(cast):
    """Two more people in use."""
    worker, manager = cast.members["worker"], cast.members["manager"]
    for index in range(2):
        ready_person(
            cast, cast.office, worker, manager, f"43000000{index:02d}", name=f"人 {index}",
            kana=f"ひと {index}",
        )  # fmt: skip


def test_the_bar_says_how_many_and_goes_on_with_them(visit, three):  # noqa: F811
    visitor = visit("worker", PHONE)
    visitor.open(URL)
    page = visitor.page
    words, every = page.locator("[data-pick-words]"), page.locator("[data-pick-all]")
    only = page.get_by_role("button", name="選んだ人だけを表示")
    expect(only).to_be_disabled()
    box = page.locator("td.c-pick label").first.bounding_box()
    assert min(box["width"], box["height"]) >= TOUCH
    page.locator("input[name=person]").first.focus()
    page.keyboard.press("Space")
    expect(words).to_have_text("1人を選択中")
    bar = page.locator("[data-pick-bar]").bounding_box()
    assert bar["y"] + bar["height"] <= PHONE["height"] + 1
    every.click()
    expect(words).to_have_text("3人を選択中")
    expect(every).to_have_text("選択をやめる")
    every.click()
    expect(every).to_have_text("全員を選ぶ")
    expect(only).to_be_disabled()
    for index in (0, 2):
        page.locator("input[name=person]").nth(index).check()
    press(page, only)
    expect(page.get_by_text("選んだ2人だけ")).to_be_visible()
    expect(page.locator("#results tbody tr")).to_have_count(2)
    press(page, page.get_by_role("link", name="元の一覧に戻る"))
    expect(page).to_have_url(visitor.base + URL)
    expect(page.locator("#results tbody tr")).to_have_count(3)
    assert visitor.problems == []


def test_after_the_filter_the_new_rows_are_counted(visit, three):  # noqa: F811
    visitor = visit("worker")
    visitor.open(URL)
    page = visitor.page
    page.locator("input[name=person]").first.check()
    page.locator(".filters__more summary").click()
    page.get_by_label("利用開始から6か月以内").check()
    page.wait_for_url("**also=new**")
    expect(
        page.get_by_role("heading", name="利用中の全員、かつ 利用開始から6か月以内")
    ).to_be_visible()
    expect(page.locator("[data-pick-words]")).to_have_text("選んだ人について：")
    # Once the button is there, the new rows are known to the script.
    page.locator("[data-pick-all]").click()
    expect(page.locator("[data-pick-words]")).to_have_text("3人を選択中")
    press(page, page.get_by_role("button", name="宛名ラベル"))
    expect(page).to_have_url(re.compile(reverse("address_labels") + r"\?(.*person=){3}"))
    assert visitor.problems == []


def test_without_scripts_each_box_works_alone(visit, three):  # noqa: F811
    visitor = visit("worker", PHONE, java_script_enabled=False)
    visitor.open(URL)
    page = visitor.page
    expect(page.locator("[data-pick-all]")).to_be_hidden()
    page.locator("input[name=person]").nth(1).check()
    press(page, page.get_by_role("button", name="レポート"))
    expect(page.get_by_text("選んだ1人だけ")).to_be_visible()
    page.go_back()
    page.locator(".filters__more summary").click()
    page.get_by_label("担当がいない").check()
    press(page, page.get_by_role("button", name="絞り込む", exact=True))
    expect(page).to_have_url(re.compile("also=no_staff"))


def test_on_a_phone_the_first_person_is_in_sight(visit, three):  # noqa: F811
    visitor = visit("worker", PHONE)
    visitor.open(URL)
    page = visitor.page
    assert page.locator("#results tbody tr").first.bounding_box()["y"] < 700
    # The questions stand in one row, the one that is asked in sight; the filter opens by its words.
    chip = page.locator(".chips-set [aria-current]").bounding_box()
    assert chip["x"] >= 0
    assert chip["x"] + chip["width"] <= PHONE["width"]
    staff = page.get_by_label("担当", exact=True)
    expect(staff).to_be_hidden()
    page.get_by_text("担当と条件で絞り込む").click()
    expect(staff).to_be_visible()
    assert visitor.problems == []


def test_without_scripts_nobody_chosen_is_said_at_the_bar(visit, three):  # noqa: F811
    visitor = visit("worker", PHONE, java_script_enabled=False)
    visitor.open(URL)
    page = visitor.page
    press(page, page.get_by_role("button", name="宛名ラベル"))
    expect(page.get_by_text("だれも選ばれていません")).to_be_visible()
    expect(page).to_have_url(re.compile("#pick-bar$"))
    expect(page.locator("#results tbody tr")).to_have_count(3)
