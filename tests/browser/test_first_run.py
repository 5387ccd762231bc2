"""The very first minutes of a new installation, in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tongxing.ground.access.founding import first_run_token

from .conftest import DESKTOP, PHONE, axe_problems, overflow

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "河边的小路在早晨很安静"


def come_in(page: Page) -> Page:
    page.goto(reverse("first-run", args=[first_run_token()]))
    return page


def fill_in(page: Page, again: str = PASSWORD) -> None:
    page.get_by_label("学校名称").fill("山前初级中学")
    page.get_by_label("学校类型").select_option("junior")
    page.get_by_label("您的姓名").fill("孟宇航")
    page.get_by_label("登录名").fill("meng")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一遍").fill(again)
    page.get_by_role("button", name="完成设置").click()


@pytest.mark.parametrize(("size", "dark"), [(PHONE, False), (PHONE, True), (DESKTOP, False), (DESKTOP, True)])
def test_the_first_page_can_be_read_by_everyone(open_window, look, size, dark):
    page = come_in(open_window(width=size[0], dark=dark))
    assert axe_problems(page) == []
    assert overflow(page) <= 0
    look(page, "first-run")


def test_a_school_is_set_up_on_a_phone_and_a_slip_is_said_beside_its_field(open_window, look):
    page = come_in(open_window())
    fill_in(page, again="另一个密码却不是这个样子")
    expect(page.get_by_text("两次输入的密码不一样。")).to_be_visible()
    look(page, "first-run-refused")
    fill_in(page)
    expect(page.get_by_text("学校设置好了")).to_be_visible()
    assert page.url.endswith(reverse("setup"))


def test_it_works_without_scripts(open_window):
    page = come_in(open_window(scripts=False))
    fill_in(page)
    expect(page.get_by_text("学校设置好了")).to_be_visible()
