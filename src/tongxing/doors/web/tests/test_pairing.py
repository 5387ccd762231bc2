"""The pairing pages: what they answer, what they change, and who gets in."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.promised import talk

from tongxing.care.pairing import actions
from tongxing.care.pairing.models import Exclusion, Pair, Pin, Proposal, VisitWish, Weighting
from tongxing.care.pairing.rules import Weights
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.clock import today
from tongxing.ground.people.models import Circumstance, Registration, Staff, Student

BOARD = "/pairing/"


@pytest.fixture
def lead(cast):
    return cast.actor("coordinator")


@pytest.fixture
def client(cast):
    return cast.client("coordinator")


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def title(response):
    return re.search(r"<h1>\s*(.*?)\s*</h1>", response.content.decode(), re.S).group(1).strip()


def test_the_title_says_how_many_are_waiting_and_then_that_all_have_somebody(cast, client):
    assert title(client.get(BOARD)) == "还有 2 位同学在等一位老师"
    client.post(reverse("pairing-propose"))
    assert title(client.get(BOARD)) == "还有 2 位同学在等一位老师"
    client.post(reverse("pairing-confirm"))
    assert title(client.get(BOARD)) == "2 位同学都有人陪了"
    assert Pair.objects.open().count() == 2


def test_an_empty_register_says_what_to_do_next(cast, client):
    Registration.objects.all().delete()
    response = client.get(BOARD)
    assert title(response) == "登记册上还没有同学"


def test_each_proposal_tells_its_reasons_and_who_would_come_next(cast, client):
    cast.staff["helper"].village = "柳塘村"
    cast.staff["helper"].save()
    cast.students.key.village = "柳塘村"
    cast.students.key.save()
    client.post(reverse("pairing-propose"))
    page = text_of(client.get(BOARD))
    assert "因为和学生同住柳塘村。" in page
    assert "如果不是林岚老师，会是" in page


def test_one_proposal_is_confirmed_alone_and_twice_is_once(cast, client):
    client.post(reverse("pairing-propose"))
    one = Proposal.objects.open().get(student=cast.students.key)
    for _ in range(2):
        response = client.post(reverse("pairing-confirm"), {"proposal": one.pk}, follow=True)
        assert response.status_code == 200
    assert Pair.objects.get().student == cast.students.key


def test_missing_checks_are_listed_and_noted_here(cast, client):
    Staff.objects.filter(school=cast.school).update(offence_check_on=None)
    client.post(reverse("pairing-propose"))
    page = text_of(client.get(BOARD))
    assert "请先登记违法犯罪记录查询" in page
    client.post(reverse("pairing-confirm"))
    assert not Pair.objects.exists()
    chosen = list(Proposal.objects.open().values_list("helper", flat=True))
    client.post(reverse("pairing-checks"), {"staff": chosen, "checked_on": today().isoformat()})
    assert Staff.objects.filter(offence_check_on=today()).count() == 2
    client.post(reverse("pairing-confirm"))
    assert Pair.objects.count() == 2


@pytest.mark.parametrize("wrong", [{"checked_on": "2027-01-01"}, {"checked_on": "soon"}, {}])
def test_a_check_without_a_proper_date_or_colleague_is_refused_in_words(cast, client, wrong):
    staff = cast.staff["helper"]
    before = staff.offence_check_on
    sent = {"staff": staff.pk, **wrong} if wrong else {"checked_on": "2026-11-01"}
    assert client.post(reverse("pairing-checks"), sent).status_code == 422
    staff.refresh_from_db()
    assert staff.offence_check_on == before


def test_the_address_of_noting_checks_leads_back_to_the_board(client):
    assert client.get(reverse("pairing-checks")).headers["Location"] == BOARD


def test_another_helper_is_chosen_from_the_students_page(cast, client):
    address = reverse("pairing-student", args=[cast.students.key.pk])
    assert title(client.get(address)) == "谁来陪周晓禾？"
    client.post(address, {"helper": cast.staff["other_teacher"].pk})
    assert Pair.objects.get().helper == cast.staff["other_teacher"]
    assert title(client.get(address)) == "宋桥老师正陪着周晓禾"
    client.post(address, {"helper": cast.staff["helper"].pk})
    assert Pair.objects.open().get().helper == cast.staff["helper"]


def test_a_choice_from_a_page_out_of_date_swaps_nobody_away(cast, client):
    address = reverse("pairing-student", args=[cast.students.key.pk])
    client.post(address, {"helper": cast.staff["other_teacher"].pk, "now": ""})
    late = client.post(address, {"helper": cast.staff["helper"].pk, "now": ""})
    assert late.status_code == 422
    assert Pair.objects.get().helper == cast.staff["other_teacher"]


def test_a_refusal_is_a_page_in_words(cast, client):
    cast.staff["other_teacher"].offence_check_on = None
    cast.staff["other_teacher"].save()
    address = reverse("pairing-student", args=[cast.students.key.pk])
    response = client.post(address, {"helper": cast.staff["other_teacher"].pk})
    assert response.status_code == 422
    assert "宋桥老师的违法犯罪记录查询还没有登记。" in text_of(response)


def test_ruling_out_asks_why_and_calculates_anew(cast, client):
    Staff.objects.filter(pk=cast.staff["helper"].pk).update(village="柳塘村")
    Student.objects.filter(pk=cast.students.key.pk).update(village="柳塘村")
    client.post(reverse("pairing-propose"))
    one = Proposal.objects.open().get(student=cast.students.key)
    address = reverse("pairing-exclude", args=[one.student_id, one.helper_id])
    assert client.post(address, {"reason": ""}).status_code == 200
    assert not Exclusion.objects.exists()
    client.post(address, {"reason": "亲戚关系"})
    assert Proposal.objects.open().get(student=cast.students.key).helper != one.helper
    page = text_of(client.get(reverse("pairing-student", args=[one.student_id])))
    assert "亲戚关系" in page
    client.post(reverse("pairing-allow", args=[Exclusion.objects.get().pk]))
    assert Proposal.objects.open().get(student=cast.students.key).helper == one.helper


def test_a_pair_ends_with_its_reason(cast, client, lead):
    pair = actions.choose_other(lead, student=cast.students.key, helper=cast.staff["other_teacher"])
    address = reverse("pairing-end", args=[pair.pk])
    assert client.get(address).status_code == 200
    client.post(address, {"reason": "family_wish", "note": "奶奶希望换一位老师"})
    pair.refresh_from_db()
    assert (pair.ended_reason, pair.ended_note) == ("family_wish", "奶奶希望换一位老师")
    assert title(client.get(address)) == "结对已结束"


def test_weights_are_edited_within_bounds(cast, client):
    points = dict.fromkeys(Weights.names(), 5) | {"whom": "waiting"}
    client.post(reverse("pairing-weights"), points)
    assert Weighting.objects.get().points["spread"] == 5
    assert client.post(reverse("pairing-weights"), points | {"spread": 2000}).status_code == 200
    assert Weighting.objects.get().points["spread"] == 5


def test_weights_are_shown_with_their_effect_before_they_are_kept(cast, client):
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(village="柳塘村")
    Student.objects.filter(pk=cast.students.key.pk).update(village="柳塘村")
    address, points = reverse("pairing-weights"), dict.fromkeys(Weights.names(), 0) | {"whom": "waiting"}
    client.post(address, points)
    client.post(reverse("pairing-propose"))
    shown = client.get(address, points | {"same_village": 30, "whom": "waiting"})
    assert title(shown) == "按这些分值，1 位同学的提议会变"
    assert "现在的结对不变。" in text_of(shown)
    assert "合计" not in text_of(shown)
    folded = re.search(r"<details.*?</details>", text_of(shown)).group()
    assert "换成宋桥老师: 和学生同住柳塘村" in folded
    assert Weighting.objects.get().points["same_village"] == 0
    client.post(address, points | {"same_village": 30})
    assert Weighting.objects.get().points["same_village"] == 30
    wrong = client.get(address, points | {"same_village": 3000, "whom": "waiting"})
    assert title(wrong) == "怎样衡量合不合适"


def test_pairing_anew_is_shown_and_then_confirmed_as_it_was_shown(cast, client, lead):
    actions.choose_other(lead, student=cast.students.key, helper=cast.staff["helper"])
    address = reverse("pairing-renew")
    page = text_of(client.get(address))
    assert "新结对" in page
    seen = re.search(r'name="seen" value="(\w+)"', page).group(1)
    assert client.post(address, {"seen": "older"}).status_code == 422
    assert Pair.objects.count() == 1
    client.post(address, {"seen": seen})
    assert {pair.student.name for pair in Pair.objects.open()} == {"周晓禾", "孟宇航"}


def test_a_pin_and_a_wish_are_noted_seen_from_both_ends_and_undone(cast, client):
    key, helper = cast.students.key, cast.staff["other_teacher"]
    address = reverse("pairing-pin", args=[key.pk, helper.pk])
    assert client.post(address, {"reason": ""}).status_code == 200
    assert not Pin.objects.exists()
    client.post(address, {"reason": "孩子很信任宋老师"})
    client.post(reverse("pairing-wish", args=[key.pk]), {"reason": "奶奶打电话来说的"})
    ends = [
        reverse("pairing-student", args=[key.pk]),
        reverse("pairing-helper", args=[helper.pk]),
        reverse("pairing-fixed"),
    ]
    assert all("孩子很信任宋老师" in text_of(client.get(end)) for end in ends)
    assert "奶奶打电话来说的" in text_of(client.get(ends[0]))
    client.post(reverse("pairing-unpin", args=[Pin.objects.get().pk]))
    client.post(reverse("pairing-end-wish", args=[VisitWish.objects.get().pk]))
    assert not any("孩子很信任宋老师" in text_of(client.get(end)) for end in ends)
    assert VisitWish.objects.get().ends_on


def test_how_many_students_a_helper_takes_is_set_on_the_helpers_page(cast, client):
    helper = cast.staff["other_teacher"]
    address = reverse("pairing-helper", args=[helper.pk])
    client.post(address, {"capacity": "3", "dormitory": "桂园"})
    helper.refresh_from_db()
    assert (helper.pairing_capacity, helper.dormitory) == (3, "桂园")
    assert client.post(address, {"capacity": "99"}).status_code == 200
    helper.refresh_from_db()
    assert helper.pairing_capacity == 3


def test_a_helpers_students_are_handed_over_with_what_was_promised(promised, client):
    key, old, new = promised.students.key, promised.staff["helper"], promised.staff["other_teacher"]
    pair = Pair.objects.get(student=key)
    soon = today() + datetime.timedelta(days=3)
    talk(promised, happened_at=clock.now() - datetime.timedelta(days=2), next_on=soon)
    address = reverse("pairing-hand-over", args=[old.pk])
    page = client.get(address)
    assert title(page) == "林岚老师的 1 位同学交给谁？"
    assert "周五前补交" in text_of(page)
    assert "约好的下一次" in text_of(page)
    sent = {"on": today().isoformat(), "reason": "helper_away", f"to_{pair.pk}": new.pk}
    wrong = client.post(address, sent | {"on": "2027-05-01"})
    assert (wrong.status_code, "请选本学期内的一天。" in text_of(wrong)) == (200, True)
    assert client.post(address, sent | {f"to_{pair.pk}": promised.staff["outsider"].pk}).status_code == 200
    assert Pair.objects.open().get(student=key).helper == old
    assert f"周晓禾 → {new.name}" in text_of(client.post(address, sent, follow=True))
    after = Pair.objects.open().get(student=key)
    assert after.helper == new
    mine = promised.client("other_teacher").get(reverse("pairing-taken-over", args=[after.pk]))
    assert title(mine) == "周晓禾还开着的约定"
    assert "周五前补交" in text_of(mine)
    assert promised.client("helper").get(reverse("pairing-taken-over", args=[after.pk])).status_code == 403


def test_a_second_helper_is_added_and_becomes_the_first(cast, client, lead):
    actions.choose_other(lead, student=cast.students.key, helper=cast.staff["helper"])
    page, address = (
        reverse(name, args=[cast.students.key.pk]) for name in ("pairing-student", "pairing-also")
    )
    assert title(client.get(address)) == "谁来一起帮周晓禾？"
    assert client.post(address, {"helper": cast.staff["outsider"].pk}).status_code == 200
    client.post(address, {"helper": cast.staff["other_teacher"].pk, "subject": "数学"})
    assert "一起帮" in text_of(client.get(page))
    second = Pair.objects.get(role="also")
    client.post(reverse("pairing-first", args=[second.pk]))
    assert Pair.objects.open().get(role="first").helper == cast.staff["other_teacher"]
    assert title(client.get(page)) == "宋桥老师正陪着周晓禾"


def test_the_board_is_narrowed_to_a_grade_or_class_and_confirms_what_it_shows(cast, client):
    other = cast.add_student("欧阳一诺", cast.class_two, "normal")
    client.post(reverse("pairing-propose"))
    page = text_of(client.get(BOARD, {"of": f"c{cast.class_two.pk}"}))
    assert "欧阳一诺" in page
    assert "周晓禾" not in page
    only = re.findall(r'name="only" value="(\d+)"', page)
    client.post(reverse("pairing-confirm"), {"only": only})
    assert [pair.student for pair in Pair.objects.open()] == [other]
    for of in ("g7", "", "c999999"):
        assert "周晓禾" in text_of(client.get(BOARD, {"of": of}))


def test_the_board_tells_each_helpers_workload_in_words_by_name_not_by_number(cast, client, lead):
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(pairing_capacity=1, pinyin="songqiao")
    Staff.objects.filter(pk=cast.staff["helper"].pk).update(pairing_capacity=3, pinyin="linlan")
    actions.choose_other(lead, student=cast.students.normal, helper=cast.staff["other_teacher"])
    actions.choose_other(lead, student=cast.students.key, helper=cast.staff["helper"])
    page = text_of(client.get(BOARD))
    first, second = "陪着 1 位同学，还能再陪 2 位", "陪着 1 位同学，目前没有空位"
    assert page.index("林岚老师") < page.index(first) < page.index("宋桥老师") < page.index(second)


def test_the_board_shows_who_waits_before_proposals_and_pairs_and_both_gaps(cast, client, lead):
    for n in range(9):
        cast.add_student(f"同学{n}", cast.class_two, "normal")
    Staff.objects.filter(school=cast.school).exclude(pk=cast.staff["helper"].pk).update(pairing_capacity=0)
    Staff.objects.filter(pk=cast.staff["class_teacher"].pk).update(pairing_capacity=1)
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(pairing_capacity=1)
    actions.choose_other(lead, student=cast.students.normal, helper=cast.staff["other_teacher"])
    client.post(reverse("pairing-propose"))
    page = text_of(client.get(BOARD))
    places = [page.index(f'id="{name}"') for name in ("waiting", "proposals", "pairs", "without-student")]
    assert places == sorted(places)


def test_no_page_names_a_students_category(cast, client):
    for category, _label in Circumstance.Category.choices:
        Circumstance.objects.create(school=cast.school, student=cast.students.key, category=category)
    client.post(reverse("pairing-propose"))
    for address in (BOARD, reverse("pairing-student", args=[cast.students.key.pk])):
        page = text_of(client.get(address))
        assert not [c.label for c in Circumstance.Category if str(c.label) in page]


@pytest.mark.parametrize("role", ["helper", "class_teacher", "counsellor", "county_supervisor", "guardian"])
def test_who_does_not_manage_pairing_gets_no_page(cast, role):
    for name, args in (
        ("pairing", []),
        ("pairing-weights", []),
        ("pairing-renew", []),
        ("pairing-fixed", []),
        ("pairing-hand-over", [cast.staff["helper"].pk]),
        ("pairing-helper", [cast.staff["helper"].pk]),
        ("pairing-student", [cast.students.key.pk]),
    ):
        assert cast.client(role).get(reverse(name, args=args)).status_code == 403
    assert cast.client(role).post(reverse("pairing-propose")).status_code == 403


def test_another_schools_head_finds_nobody_of_this_school(cast, lead):
    pair = actions.choose_other(lead, student=cast.students.key, helper=cast.staff["helper"])
    actions.propose(lead, school=cast.school, term=cast.term)
    one = Proposal.objects.open().get()
    far = cast.client("outsider")
    assert "周晓禾" not in text_of(far.get(BOARD))
    assert far.get(reverse("pairing-student", args=[cast.students.key.pk])).status_code == 404
    assert far.get(reverse("pairing-end", args=[pair.pk])).status_code == 404
    assert far.post(reverse("pairing-confirm"), {"proposal": one.pk}).status_code == 404
    assert far.post(reverse("pairing-confirm"), {"proposal": "x"}).status_code == 404
    sent = {"staff": cast.staff["helper"].pk, "checked_on": "2026-11-01"}
    assert far.post(reverse("pairing-checks"), sent).status_code == 422


def test_the_board_takes_the_same_queries_for_more_rows(cast, client, lead):
    def count():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(BOARD).status_code == 200
        return len(captured)

    actions.propose(lead, school=cast.school, term=cast.term)
    few = count()
    for n in range(12):
        cast.add_student(f"同学{n}", cast.class_two, "normal")
    actions.propose(lead, school=cast.school, term=cast.term)
    assert count() == few
