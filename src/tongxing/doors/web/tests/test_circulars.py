"""Circulars as a browser gets them: written, on the week, confirmed, changed, who has confirmed; county and door."""

import io
import re
from uuid import uuid4

import docx
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tongxing.ground.outbox.models import Message
from tongxing.oversight.notices.models import Circular, Reading

TOLD = {
    "kind": "plan",
    "title": "帮扶工作实施方案",
    "text": "每位老师和一名同学结对。",
    "group": "all",
    "asks": "on",
}


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def written(cast, who="coordinator", address="", **told):
    values = TOLD | {"client_id": uuid4()} | told
    answer = cast.client(who).post(reverse("circular-new") + address, values)
    assert answer.status_code == 302, text_of(answer)
    return Circular.objects.latest("pk")


def test_it_stands_on_the_week_until_it_is_confirmed(cast):
    made, helper = written(cast, by="2026-11-27"), cast.client("helper")
    address = reverse("circular", args=[made.pk])
    assert address in helper.get(reverse("week")).content.decode()
    assert "帮扶工作实施方案" in text_of(helper.get(reverse("reminders")))
    page = text_of(helper.get(address))
    assert "每位老师和一名同学结对。" in page and "请在11月27日 周五前确认" in page and "谁确认了" not in page
    answer = helper.post(reverse("circular-confirm", args=[made.pk]), {"number": "1"}, follow=True)
    assert "您已确认，谢谢" in text_of(answer)
    assert address not in helper.get(reverse("week")).content.decode()


def test_confirming_is_undone_at_once(cast):
    made, helper = written(cast), cast.client("helper")
    address = reverse("circular-confirm", args=[made.pk])
    helper.post(address, {"number": "1"})
    helper.post(address, {"back": "1"})
    assert Reading.objects.get().confirmed is None


def test_a_colleague_without_any_role_finds_it_among_the_reminders(cast):
    made, other = written(cast), cast.client("other_teacher")
    assert reverse("circular", args=[made.pk]) in other.get(reverse("reminders")).content.decode()
    assert other.get(reverse("circular", args=[made.pk])).status_code == 200


def test_whom_it_is_not_for_does_not_find_it(cast):
    made = written(cast, group="class_teachers")
    for who in ("helper", "guardian", "student", "outsider", "county_supervisor"):
        assert cast.client(who).get(reverse("circular", args=[made.pk])).status_code == 404, who


def test_an_old_page_does_not_confirm_a_new_version(cast):
    made, helper = written(cast), cast.client("helper")
    told = {
        "client_id": uuid4(),
        "title": "方案",
        "text": "改了",
        "changed": "家访两次",
        "asks_anew": "on",
    }
    cast.client("coordinator").post(reverse("circular-anew", args=[made.pk]), told)
    answer = helper.post(reverse("circular-confirm", args=[made.pk]), {"number": "1"})
    assert answer.status_code == 422 and "请看新的" in text_of(answer)
    page = text_of(helper.get(reverse("circular", args=[made.pk])))
    assert page.index("家访两次") < page.index("改了 ") < page.index("每位老师和一名同学结对。")


def test_what_was_typed_stays_when_something_is_missing(cast):
    values = TOLD | {"client_id": uuid4(), "group": "", "title": "方案"}
    answer = cast.client("coordinator").post(reverse("circular-new"), values)
    assert answer.status_code == 422 and "请选一下发给谁" in text_of(answer)
    assert "每位老师和一名同学结对。" in answer.content.decode()
    assert not Circular.objects.exists()


def test_the_list_of_those_missing_is_without_blame_and_the_text_without_names(cast):
    made, office = written(cast), cast.client("coordinator")
    cast.client("helper").post(reverse("circular-confirm", args=[made.pk]), {"number": "1"})
    answer = office.get(reverse("circular-read", args=[made.pk]))
    page = text_of(answer)
    assert page.index("还可以告诉") < page.index("1 位老师已确认 林岚")
    copied = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.content.decode(), re.S)[1]
    assert "谢谢" in copied and not any(one.name in copied for one in cast.staff.values())
    office.post(reverse("circular-remind", args=[made.pk]))
    assert cast.users["helper"].pk not in Message.objects.values_list("to", flat=True)
    assert Message.objects.filter(to=cast.users["class_teacher"]).count() == 1


def test_only_the_office_sees_who_has_confirmed(cast):
    made = written(cast)
    assert cast.client("head").get(reverse("circular-read", args=[made.pk])).status_code == 200
    for who, status in (("class_teacher", 403), ("helper", 403), ("outsider", 404)):
        assert cast.client(who).get(reverse("circular-read", args=[made.pk])).status_code == status


def test_taken_back_with_a_reason_and_put_back(cast):
    made, office = written(cast), cast.client("coordinator")
    address = reverse("circular-back", args=[made.pk])
    assert office.post(address, {"reason": ""}).status_code == 422
    answer = office.post(address, {"reason": "发错了"}, follow=True)
    assert "撤回：发错了" in text_of(answer) and 'name="back" value="1"' in answer.content.decode()
    office.post(address, {"back": "1"})
    assert cast.client("helper").get(reverse("circular", args=[made.pk])).status_code == 200


def test_on_paper_it_is_title_text_and_school(cast):
    made = written(cast)
    page = text_of(cast.client("helper").get(reverse("circular-sheet", args=[made.pk])))
    assert "每位老师和一名同学结对。 和风镇中心初中" in page


def test_it_is_a_word_file_for_whoever_reads_it(cast):
    made = written(cast, text="一、一对一。\n二、六个一。")
    answer = cast.client("helper").post(reverse("circular-word", args=[made.pk]))
    lines = [one.text for one in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert [line for line in lines if line][:3] == ["帮扶工作实施方案", "一、一对一。", "二、六个一。"]
    assert "和风镇中心初中" in lines and "2026年11月25日" in lines
    assert cast.client("outsider").post(reverse("circular-word", args=[made.pk])).status_code == 404


def test_from_the_county_to_the_school_with_the_link_kept(cast):
    county = written(cast, "county_supervisor", title="关于做好秋季帮扶的通知")
    assert county.to_schools and county.school == cast.county
    head = cast.client("head")
    assert reverse("circular", args=[county.pk]) in head.get(reverse("week")).content.decode()
    page = head.get(reverse("circular", args=[county.pk])).content.decode()
    address = f"{reverse('circular-new')}?based_on={county.pk}"
    assert address in page
    assert "关于做好秋季帮扶的通知" in head.get(address).content.decode()
    own = written(cast, "head", f"?based_on={county.pk}", title="我校实施方案")
    assert own.based_on == county
    page = text_of(cast.client("county_supervisor").get(reverse("circular-read", args=[county.pk])))
    assert "和风镇中心初中 11月25日 周三转成《我校实施方案》" in page
    assert "依据清河县教育局《关于做好秋季帮扶的通知》" in text_of(
        cast.client("helper").get(reverse("circular", args=[own.pk]))
    )
    assert cast.client("county_supervisor").get(reverse("circular", args=[own.pk])).status_code == 404


def test_a_teacher_sees_no_word_of_the_county_to_the_head(cast):
    county = written(cast, "county_supervisor")
    assert cast.client("helper").get(reverse("circular", args=[county.pk])).status_code == 404
    assert cast.client("head").get(reverse("circular-read", args=[county.pk])).status_code == 403


def test_a_family_reads_it_at_the_door_and_says_so(cast):
    made, family = written(cast, group="", families="on"), cast.client("guardian")
    child = reverse("family-child", args=[cast.students.key.pk])
    assert "学校通知" in text_of(family.get(child)) and "请看一看" in text_of(family.get(child))
    address = reverse("family-circular", args=[made.pk])
    assert address in family.get(reverse("family-circulars")).content.decode()
    assert "每位老师和一名同学结对。" in text_of(family.get(address))
    assert "您已经看过了" in text_of(family.post(address, {"number": "1"}, follow=True))
    page = text_of(cast.client("coordinator").get(reverse("circular-read", args=[made.pk])))
    assert "1 个家庭已确认" in page


def test_a_class_teacher_finds_whom_of_the_own_class_one_can_still_tell(cast):
    made, teacher = written(cast, group="", families="on"), cast.client("class_teacher")
    address = reverse("circular-families", args=[made.pk])
    assert address in teacher.get(reverse("circulars")).content.decode()
    page = text_of(teacher.get(address))
    assert (
        "还可以告诉的：1 户 周晓禾" in page and "最好给纸质的：1 户 孟宇航" in page and "苏苗苗" not in page
    )
    assert cast.client("finance_maker").get(address).status_code == 403
    assert cast.client("outsider").get(address).status_code == 404
    own = written(cast)
    assert teacher.get(reverse("circular-families", args=[own.pk])).status_code == 404


def test_a_family_does_not_read_what_is_for_colleagues(cast):
    made, family = written(cast), cast.client("guardian")
    assert family.get(reverse("family-circular", args=[made.pk])).status_code == 404
    assert "学校通知" not in text_of(family.get(reverse("family-child", args=[cast.students.key.pk])))


def test_the_lists_keep_their_queries(cast, django_assert_max_num_queries):
    written(cast)
    helper, office = cast.client("helper"), cast.client("coordinator")
    pages = [(helper, "week"), (helper, "reminders"), (helper, "circulars"), (office, "circulars")]
    few = []
    for browser, name in pages:
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse(name))
        few.append(len(asked))
    for number in range(8):
        written(cast, title=f"第 {number} 份", families="on")
    for (browser, name), number in zip(pages, few, strict=True):
        with django_assert_max_num_queries(number + 1):
            browser.get(reverse(name))


def test_a_brief_begins_with_the_month_and_a_summary_with_the_campaign(cast, promised):
    head = cast.client("head")
    assert "?month=2026-11" in head.get(reverse("documents")).content.decode()
    page = head.get(reverse("circular-new") + "?month=2026-11").content.decode()
    assert "2026年11月" in page and "一、" in page
    assert "一、" not in head.get(reverse("circular-new") + "?month=2031-01").content.decode()
    assert head.get(reverse("circular-new") + "?campaign=999999").status_code == 404
