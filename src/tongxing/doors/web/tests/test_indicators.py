"""Indicators as a browser gets them: for whom, of what, with the records behind every number."""

import re
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.promised import talk

from tongxing.care.requests.models import HelpRequest
from tongxing.doors.web.indicator_charts import percent
from tongxing.ground.kernel import clock
from tongxing.oversight.insight import queries
from tongxing.oversight.insight.indicators import INDICATORS
from tongxing.oversight.insight.tests.kinds import School

pytestmark = pytest.mark.usefixtures("promised")


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_all_is_said_of_all_alone_and_none_of_none(numbers):
    of, out_of = numbers
    told = float(percent(Fraction(of, out_of)).removesuffix("%"))
    assert (told == 100) == (of == out_of) and (told == 0) == (of == 0)
    assert abs(told - 100 * of / out_of) <= 1


def shown(client, name="indicators", *args, **query):
    page = client.get(reverse(name, args=args), query)
    assert page.status_code == 200
    return text_of(page)


def test_each_indicator_says_what_it_says_and_what_it_does_not(cast):
    School(cast)
    text = shown(cast.client("head"))
    for one in INDICATORS.values():
        assert str(one.name) in text and str(one.says_not) in text
    assert "2 位登记的同学里，1 位有帮扶人" in text


def test_what_comes_from_few_people_is_not_shown(cast):
    School(cast)
    text = shown(cast.client("head"), "indicator", "load")
    assert "不到十" in text and "位帮扶人各陪伴" not in text


def test_every_number_of_an_indicator_opens_its_records(cast):
    School(cast)
    head = cast.client("head")
    opened = 0
    for code in INDICATORS:
        html = head.get(reverse("indicator", args=[code])).content.decode()
        links = re.findall(rf'href="(/indicators/{code}/[^"]+/[^"]*)"', html)
        for link in {*links[:2], *links[-2:]}:
            page = head.get(link.replace("&amp;", "&"))
            assert page.status_code == 200
            opened += 1
    assert opened > 20


def test_the_records_of_a_week_are_those_of_that_week(cast):
    talk(cast, happened_at=None)
    head = cast.client("head")
    assert "周晓禾" in shown(head, "indicator-figure", "talk", "week_talks_done")
    address = reverse("indicator-figure", args=["talk", "week_talks_done"])
    assert "周晓禾" not in text_of(head.get(address, {"span": "w3"})).split("这背后的记录")[-1]
    assert head.get(address, {"span": "w40"}).status_code == 404


def test_help_asked_for_is_listed_without_a_word_of_it(cast):
    school = School(cast)
    school.answered()
    for _one in range(10):
        school.asked()
    for school.request in HelpRequest.objects.filter(answered_at=None)[:9]:
        school.answered()
    text = shown(cast.client("head"), "indicator-figure", "wait", "requests")
    assert "周晓禾" in text and "单词背不下来" not in text


def test_a_class_teacher_sees_the_own_class_and_nothing_of_aid_or_the_school(cast):
    School(cast)
    teacher = cast.client("class_teacher")
    text = shown(teacher)
    assert "初一(1)班" in text and "初一(2)班" not in text and "资助" not in text.split("指标")[0]
    for query in ({"place": f"c{cast.class_two.pk}"}, {"place": "g7"}):
        assert teacher.get(reverse("indicators"), query).status_code == 404
    assert teacher.get(reverse("indicator", args=["aid"])).status_code == 404
    assert teacher.get(reverse("indicator-figure", args=["aid", "recognised"])).status_code == 404


def test_the_classes_stand_in_their_order_and_lead_on(cast):
    School(cast)
    html = cast.client("head").get(reverse("indicator", args=["helper"])).content.decode()
    names = re.findall(r'class="multiple"[^>]*><span><b>([^<]+)</b>', html)
    assert names == ["初一", "初一(1)班", "初一(2)班"]
    of_grade = (
        cast.client("head").get(reverse("indicator", args=["helper"]), {"place": "g7"}).content.decode()
    )
    assert re.findall(r'class="multiple"[^>]*><span><b>([^<]+)</b>', of_grade) == names[1:]


def test_an_earlier_week_and_months_are_kept_on_the_way(cast):
    School(cast)
    head = cast.client("head")
    html = head.get(reverse("indicators"), {"week": "11", "by": "month", "place": "g7"}).content.decode()
    assert "place=g7&amp;week=11&amp;by=month" in html
    assert '<option value="month" selected>' in html and '<option value="11" selected>' in html


def test_what_does_not_exist_is_not_found(cast):
    head = cast.client("head")
    for address in ("/indicators/nothing/", "/indicators/helper/nothing/", "/indicators/helper/enrolled/"):
        assert head.get(address).status_code == 404
    assert head.get(reverse("indicators"), {"place": "c999999"}).status_code == 404


@pytest.mark.parametrize("role", ["helper", "counsellor", "finance_checker", "county_supervisor", "guardian"])
def test_for_others_there_is_no_such_page(cast, role):
    assert cast.client(role).get(reverse("indicators")).status_code in {403, 404}


def test_every_figure_of_the_overview_opens_its_records_in_two_taps(cast):
    """Each number on the overview, also those beside another one."""
    School(cast)
    head = cast.client("head")

    def links(address):
        html = head.get(address.replace("&amp;", "&")).content.decode()
        return set(re.findall(r'href="(/overview/[a-z_.]+/[^"]*)"', html))

    first = links(reverse("overview"))
    found = first | {link for one in first for link in links(one)}
    shown_now = queries.overview(cast.actor("head"), cast.school, cast.term, clock.now()).figures
    opened = {re.match(r"/overview/([a-z_.]+)/", one)[1] for one in found}
    assert {one.code for one in shown_now.rows} <= opened
