"""Handing over, receiving, correcting; and how many took part, by the roster of the day."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from tongxing.aid.ledger.actions.entries import check, reverse
from tongxing.aid.ledger.actions.entries import take_back as send_back
from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.tests.books import client_id
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import ClassMembership, Staff
from tongxing.ground.people.student_actions import change_class, leave_school

from ..actions import campaigns, money
from ..actions.money import Row
from ..models import Campaign, HandingOver, Share
from ..queries.became import became, funds_of_gifts
from ..queries.campaigns import handed_over, participation, to_receive
from .school import DAY, more_students, plan

pytestmark = pytest.mark.usefixtures("english")
AFTER = datetime.date(2026, 11, 2)


def test_a_campaign_has_no_field_for_a_target_a_minimum_or_a_code(told):
    names = " ".join(field.name for field in Campaign._meta.get_fields())
    assert not any(word in names for word in ("target", "goal", "minimum", "least", "code", "per_person"))


def test_an_appeal_asks_for_no_amount_and_no_least_whatever_field_it_is_written_in(told, cast):
    head = cast.actor("head")
    for field, words in (
        ("appeal", "每人不少于5元，献一份爱心。"),
        ("slogan", "人人参与，个个捐款"),
        ("name", "万元目标 10·17 捐款目标"),
        ("appeal", "请扫码：https://qr.alipay.com/fkx1"),
    ):
        with pytest.raises(Refused, match="for each to decide|to pay with") as refusal:
            campaigns.change(head, campaign=told.campaign, plan=plan(told.fund, **{field: words}))
        assert refusal.value.field == field
    said = {"kind": "radio", "day": DAY, "client_id": client_id()}
    with pytest.raises(Refused, match="for each to decide") as refusal:
        campaigns.note_step(head, campaign=told.campaign, words="布置任务：每班至少捐一百元", **said)
    assert refusal.value.field == "words"
    assert campaigns.note_step(head, campaign=told.campaign, words="说明自愿原则，不布置数额", **said)


def test_the_day_that_counts_lies_inside_the_campaign_and_stays_once_something_was_given(told, cast):
    head = cast.actor("head")
    with pytest.raises(Refused, match="outside the campaign"):
        campaigns.begin(
            head, school=cast.school, client_id=client_id(), plan=plan(told.fund, counted_on=AFTER)
        )
    campaigns.change(
        head, campaign=told.campaign, plan=plan(told.fund, counted_on=datetime.date(2026, 10, 13))
    )
    campaigns.change(head, campaign=told.campaign, plan=plan(told.fund))
    told.hand_over("class_teacher", Row(cast.class_one, 1, 500))
    with pytest.raises(Refused, match="this day stays"):
        campaigns.change(
            head, campaign=told.campaign, plan=plan(told.fund, counted_on=datetime.date(2026, 10, 13))
        )
    campaigns.change(head, campaign=told.campaign, plan=plan(told.fund, shows_share=False))
    with pytest.raises(NotAllowed):
        campaigns.change(cast.actor("class_teacher"), campaign=told.campaign, plan=plan(told.fund))


def test_a_class_teacher_hands_over_and_finance_receives_one_receipt(told, cast):
    handed = told.hand_over("class_teacher", Row(cast.class_one, 2, 1_050))
    assert not Entry.objects.exists()
    maker = cast.actor("finance_maker")
    assert [one.pk for one in to_receive(maker, cast.school)] == [handed.pk]
    money.receive(maker, handed=handed)
    money.receive(maker, handed=handed)
    entry = Entry.objects.get()
    assert (entry.source_kind, entry.source_id, entry.is_waiting) == ("handing-over", str(handed.pk), True)
    assert cast.class_one.name not in entry.narrative
    assert sorted(entry.lines.values_list("account__code", "amount")) == [("1001", 1_050), ("4001", -1_050)]
    assert not to_receive(maker, cast.school)


def test_classes_and_departments_of_one_grid_are_one_receipt(told, cast):
    sent = client_id()
    rows = [Row(cast.class_one, 2, 700), Row(cast.class_two, 1, 300), Row(told.departments[0], 3, 15_000)]
    handed = told.hand_over("finance_maker", *rows, sent=sent)
    assert told.hand_over("finance_maker", *rows, sent=sent).pk == handed.pk
    assert HandingOver.objects.count() == 1 and Share.objects.count() == 3
    entry = Entry.objects.get()
    assert entry.lines.get(amount__gt=0).amount == 16_000
    check(told.books.checker, entry=entry)
    assert told.books.balance("1001") == 16_000


def test_goods_alone_count_people_and_post_nothing(told, cast):
    handed = told.hand_over("finance_maker", Row(cast.class_one, 2, 0))
    assert handed.received_at and not Entry.objects.exists()


def test_money_is_counted_by_two_different_people(told, cast):
    one = cast.staff["class_teacher"]
    with pytest.raises(Refused, match="Two different people"):
        money.hand_over(
            cast.actor("class_teacher"), campaign=told.campaign, client_id=client_id(),
            counted=money.Counted(DAY, one, one), rows=[Row(cast.class_one, 1, 100)],
        )  # fmt: skip
    handed = told.hand_over("class_teacher", Row(cast.class_one, 1, 100))
    with pytest.raises(IntegrityError), transaction.atomic():
        HandingOver.objects.filter(pk=handed.pk).update(second_counter=one)


def test_only_the_own_class_is_entered_and_departments_by_whoever_enters_for_all(told, cast):
    for row in (Row(cast.class_two, 1, 100), Row(told.departments[0], 1, 100)):
        with pytest.raises(Refused, match="entered by somebody else"):
            told.hand_over("class_teacher", row)
    with pytest.raises(NotAllowed):
        told.hand_over("helper", Row(cast.class_one, 1, 100))
    told.hand_over("coordinator", Row(told.departments[0], 1, 100), Row(cast.class_two, 1, 100))


def test_a_class_is_never_more_people_than_it_was_that_day(told, cast):
    with pytest.raises(Refused, match="there were 2"):
        told.hand_over("class_teacher", Row(cast.class_one, 3, 100))
    told.hand_over("class_teacher", Row(cast.class_one, 1, 100))
    told.hand_over("class_teacher", Row(cast.class_one, 1, 100))
    with pytest.raises(Refused, match="there were 2"):
        told.hand_over("class_teacher", Row(cast.class_one, 1, 100))
    for people in (0, -1):
        with pytest.raises(Refused, match="How many"):
            told.hand_over("class_teacher", Row(cast.class_one, people, 100))


def test_in_a_class_with_children_under_eight_the_guardians_hand_it_in(told, cast):
    cast.students.plain.birth_date = datetime.date(2019, 1, 1)
    cast.students.plain.save()
    with pytest.raises(Refused, match="under eight"):
        told.hand_over("other_class_teacher", Row(cast.class_two, 1, 500))
    told.hand_over("other_class_teacher", Row(cast.class_two, 1, 500, by_guardians=True))


def test_what_waits_is_taken_back_and_what_stands_is_reversed_and_followed(told, cast):
    maker, day = cast.actor("finance_maker"), datetime.date(2026, 11, 20)
    first = told.hand_over("finance_maker", Row(cast.class_one, 2, 1_000))
    right = [Row(cast.class_one, 2, 1_100)]
    second = money.correct(
        maker, handed=first, client_id=client_id(), counted=told.counted(), rows=right, reason="少记一张"
    )
    assert Entry.objects.get(source_id=str(first.pk)).ended_at
    check(told.books.checker, entry=Entry.objects.get(source_id=str(second.pk)))
    third = money.correct(
        maker, handed=second, client_id=client_id(), counted=told.counted(day), rows=[Row(cast.class_one, 2, 1_200)],
        reason="又找到一张",
    )  # fmt: skip
    for entry in Entry.objects.waiting().order_by("pk"):
        check(told.books.checker, entry=entry)
    assert told.books.balance("1001") == 1_200
    assert Entry.objects.get(kind="reversal").about.source_id == str(second.pk)
    first.refresh_from_db()
    assert first.ended_reason == "少记一张" and third.follows.follows == first
    assert participation(told.campaign).students is None  # four students: too few to tell
    assert Share.objects.standing().get().people == 2


def test_a_correction_needs_a_reason_and_the_right_person(told, cast):
    handed = told.hand_over("class_teacher", Row(cast.class_one, 1, 100))
    facts = {"handed": handed, "counted": told.counted(), "rows": [Row(cast.class_one, 2, 100)]}
    teacher = cast.actor("class_teacher")
    with pytest.raises(Refused):
        money.correct(teacher, client_id=client_id(), reason=" ", **facts)
    money.receive(cast.actor("finance_maker"), handed=handed)
    handed.refresh_from_db()
    with pytest.raises(NotAllowed):
        money.correct(teacher, client_id=client_id(), reason="数错", **facts | {"handed": handed})
    with pytest.raises(NotAllowed):
        money.take_back(cast.actor("coordinator"), handed=handed, reason="数错")


def test_what_the_checker_sends_back_waits_for_finance_again(told, cast):
    handed = told.hand_over("finance_maker", Row(cast.class_one, 1, 100))
    send_back(told.books.checker, entry=Entry.objects.get(), reason="收据号")
    maker = cast.actor("finance_maker")
    assert to_receive(maker, cast.school) == [handed]
    money.receive(maker, handed=handed)
    assert Entry.objects.waiting().count() == 1


def test_a_campaign_is_not_closed_while_money_waits_and_what_is_sent_back_later_still_shows(told, cast):
    head, maker = cast.actor("head"), cast.actor("finance_maker")
    handed = told.hand_over("class_teacher", Row(cast.class_one, 1, 100))
    goods = told.hand_over("finance_maker", Row(cast.class_two, 1, 0))
    with pytest.raises(Refused, match="not in the books yet"):
        campaigns.close(head, campaign=told.campaign, reason="结束")
    money.receive(maker, handed=handed)
    campaigns.close(head, campaign=told.campaign, reason="结束")
    send_back(told.books.checker, entry=Entry.objects.get(), reason="收据号")
    assert to_receive(maker, cast.school) == [handed] and goods.received_at
    money.receive(maker, handed=handed)
    assert Entry.objects.waiting().count() == 1 and not to_receive(maker, cast.school)


def test_what_was_reversed_in_the_books_is_received_and_written_anew(told, cast):
    maker = cast.actor("finance_maker")
    handed = told.hand_over("finance_maker", Row(cast.class_one, 1, 100))
    first = Entry.objects.get()
    check(told.books.checker, entry=first)
    wrong = reverse(maker, entry=first, day=AFTER, reason="记错", client_id=client_id())
    with pytest.raises(Refused, match="about to be reversed"):
        money.receive(maker, handed=handed)
    check(told.books.checker, entry=wrong)
    assert to_receive(maker, cast.school) == [handed]
    money.receive(maker, handed=handed)
    second = Entry.objects.waiting().get()
    check(told.books.checker, entry=second)
    assert told.books.balance("1001") == 100 and not to_receive(maker, cast.school)
    money.take_back(maker, handed=handed, reason="没有这笔")
    assert Entry.objects.waiting().get().about == second


def test_class_figures_are_seen_by_who_entered_them_and_by_finance_alone(told, cast):
    handed = told.hand_over("class_teacher", Row(cast.class_one, 1, 100))
    seen = {
        role: [one.row.pk for one in handed_over(cast.actor(role), told.campaign)]
        for role in ("class_teacher", "finance_maker", "finance_checker", "head", "deputy", "coordinator",
                     "other_class_teacher", "helper", "county_aid_officer", "guardian", "student", "outsider")
    }  # fmt: skip
    assert {role for role, found in seen.items() if found == [handed.pk]} == {
        "class_teacher", "finance_maker", "finance_checker",
    }  # fmt: skip
    assert Share.objects.visible_to(cast.actor("head")).count() == 0


# --- participation, by hand -------------------------------------------------------------------------------------------


@pytest.fixture
def forty(told, cast):
    """Twenty students in each class on the campaign's day; 30 of them take part, of 14 colleagues 7."""
    first = more_students(cast, cast.class_one, 18)
    more_students(cast, cast.class_two, 19)
    colleagues = Staff.objects.filter(school=cast.school).active(DAY).count()
    told.hand_over(
        "finance_maker", Row(cast.class_one, 16, 100), Row(cast.class_two, 14, 100),
        Row(told.departments[0], colleagues // 2, 100),
    )  # fmt: skip
    told.first = first
    return told


def test_all_departments_together_are_never_more_than_the_colleagues_of_the_day(forty, cast):
    colleagues = Staff.objects.filter(school=cast.school).active(DAY).count()
    left = colleagues - colleagues // 2
    first, second = forty.departments
    for rows in ([Row(second, left + 1, 100)], [Row(first, 1, 100), Row(second, left, 100)]):
        with pytest.raises(Refused, match=f"there were {colleagues}"):
            forty.hand_over("finance_maker", *rows)
    forty.hand_over("finance_maker", Row(second, left, 100))
    assert participation(forty.campaign).staff == 100


def test_participation_is_those_noted_of_the_roster_of_the_day(forty, cast):
    found = participation(forty.campaign)
    assert found.students == 75  # 30 of 40
    colleagues = Staff.objects.filter(school=cast.school).active(DAY).count()
    assert found.staff == colleagues // 2 * 100 // colleagues


def test_it_stays_after_students_changed_class_left_or_came(forty, cast):
    change_class(SYSTEM, student=forty.first[0], school_class=cast.class_two, on=AFTER)
    leave_school(SYSTEM, student=forty.first[1], on=AFTER)
    newcomer = cast.add_student("新同学", None)
    ClassMembership.objects.create(
        school=cast.school, student=newcomer, school_class=cast.class_one, starts_on=AFTER
    )
    assert participation(forty.campaign).students == 75


def test_who_had_left_or_not_come_by_that_day_is_no_part_of_it(forty, cast):
    leave_school(SYSTEM, student=forty.first[0], on=datetime.date(2026, 10, 14))
    assert participation(forty.campaign).students == 76  # 30 of 39
    late = cast.add_student("晚来的同学", None)
    ClassMembership.objects.create(
        school=cast.school, student=late, school_class=cast.class_one, starts_on=DAY
    )
    assert participation(forty.campaign).students == 75


def test_a_student_who_changed_class_that_very_day_is_counted_once(forty, cast):
    change_class(SYSTEM, student=forty.first[0], school_class=cast.class_two, on=DAY)
    assert participation(forty.campaign).students == 75


def test_colleagues_who_came_later_or_left_before_do_not_change_it(forty, cast):
    before = participation(forty.campaign).staff
    cast.add_staff("new", "新老师", starts_on=AFTER)
    cast.add_staff("old", "老教师", ends_on=datetime.date(2026, 9, 30))
    assert participation(forty.campaign).staff == before


def test_what_was_taken_back_is_not_counted(forty, cast):
    money.take_back(cast.actor("finance_maker"), handed=HandingOver.objects.get(), reason="重复")
    assert participation(forty.campaign).students == 0


def test_the_other_school_s_people_count_nowhere(forty, cast):
    more_students(cast, cast.students.far.memberships.get().school_class, 9)
    assert participation(forty.campaign).students == 75


# --- what it became ---------------------------------------------------------------------------------------------------


def test_what_came_and_what_it_became_are_the_ledger_s_amounts(told, cast):
    told.hand_over("finance_maker", Row(cast.class_one, 2, 1_234))
    told.hand_over("finance_maker", Row(told.departments[0], 2, 20_001))
    first = Entry.objects.order_by("pk").first()
    check(told.books.checker, entry=first)
    (found,) = became(funds_of_gifts(cast.school))
    assert (found.came, found.used, found.left) == (1_234, 0, 1_234)  # what waits does not count
    check(told.books.checker, entry=Entry.objects.order_by("pk").last())
    told.books.purposes |= {one.name: one for one in told.fund.purposes.all()}
    move = told.books.move("1001", "5005", 1_000, "学习用品", told.fund)
    told.books.post("payment", move, day=datetime.date(2026, 10, 30))
    (found,) = became(funds_of_gifts(cast.school))
    assert (found.uses, found.left) == ([("学习用品", 1_000)], 20_235)
    told.fund.refresh_from_db()
    assert found.left == told.fund.balance
