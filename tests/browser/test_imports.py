"""Importing on a phone without JavaScript, and the pages' looks."""

from django.urls import reverse

from tongxing.ground.people.models import Student
from tongxing.paper.exchange.tests.files import HEADINGS, ROSTER, WEN, xlsx

from .conftest import overflow

WRONG = (HEADINGS, WEN, ("5", "方晓", "?", "飞行班", "320106201307041230"))


def hand_in(page, name, content):
    page.goto(reverse("import"))
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "", "buffer": content})
    page.locator("form[enctype] button").click()


def test_a_roster_is_handed_in_looked_at_and_taken_over(open_as, look):
    page = open_as("coordinator", scripts=False)
    hand_in(page, "名册.xlsx", xlsx(ROSTER))
    page.get_by_role("heading", name="将新增或更新 2 行").wait_for()
    look(page, "import-preview")
    page.get_by_role("button", name="全部写入").click()
    page.get_by_role("heading", name="已写入").wait_for()
    assert Student.objects.filter(name="温小满").exists()


def test_rows_to_correct_are_readable_on_a_phone(open_as, look, check_axe):
    page = open_as("coordinator")
    hand_in(page, "名册.xlsx", xlsx(WRONG))
    page.get_by_role("heading", name="还有 1 处要先改一改").wait_for()
    check_axe(page)
    look(page, "import-problems")
    assert overflow(page) <= 0


def test_columns_are_chosen_and_rows_corrected_on_a_phone_without_scripts(open_as, look):
    strange = (("甲", "乙", "丙"), ("温小满", "??", "初一(3)班"), ("温大满", "??", "初一(3)班"))
    page = open_as("coordinator", scripts=False)
    hand_in(page, "名单.xlsx", xlsx(strange))
    page.get_by_role("link", name="说明是什么表").click()
    for number, field in enumerate(("name", "sex", "class_name")):
        page.select_option(f"[name=column-{number}]", field)
    look(page, "import-columns")
    page.get_by_role("button", name="就这样读").click()
    page.get_by_role("link", name="在这里改").click()
    look(page, "import-rows")
    page.get_by_label("共 2 行").wait_for()
    assert overflow(page) <= 0
    page.get_by_label("共 2 行").fill("女")
    page.get_by_role("button", name="再检查一遍").click()
    page.get_by_role("button", name="全部写入").click()
    assert Student.objects.filter(name="温大满", sex="female").exists()
