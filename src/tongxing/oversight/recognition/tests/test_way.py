"""From the proposal to the title, with a refusal at each step."""

import datetime
from uuid import uuid4

import pytest
from tests.cast import NOW

from tongxing.care.pairing.models import Pair
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import give_consent, withdraw_consent
from tongxing.ground.publicity import actions as publicity
from tongxing.ground.publicity.queries import named
from tongxing.oversight.recognition import awarding, consenting, queries, way
from tongxing.oversight.recognition.models import Commendation, Review
from tongxing.oversight.recognition.whom import Whom

from .school import agreed, awarded, meeting_it, proposed, public, published, said

pytestmark = pytest.mark.usefixtures("english")
DAYS = datetime.timedelta(days=1)


def shown(cast, who="helper"):
    return [
        one.label
        for title in queries.honours(cast.actor(who), cast.school, cast.year)
        for one in title.held_by
    ]


@pytest.fixture
def helper_proposed(cast):
    """林岚 put forward by the class teacher."""
    return proposed(cast, published(cast), Whom(staff=cast.staff["helper"]))


@pytest.fixture
def child_proposed(cast):
    return proposed(cast, published(cast, "progress"), Whom(student=cast.students.key))


class TestLookingAtTheOwnWork:
    def test_a_colleague_sees_the_own_evidence_and_may_add_a_sentence(self, cast):
        scheme, helper = published(cast), cast.actor("helper")
        (mine,) = queries.own_parts(helper, scheme)
        assert mine.staff == cast.staff["helper"]
        counts = [one.count for one in queries.shown_by_records(scheme, mine)]
        assert counts == [0, None]
        made = way.check_self(helper, scheme=scheme, whom=mine, client_id=uuid4(), words="每周二等她放学。")
        assert made.words == "每周二等她放学。" and "每周二" not in str(bytes(made.words_sealed))
        again = way.check_self(helper, scheme=scheme, whom=mine, client_id=uuid4())
        assert [one.pk for one in queries.self_checks(cast.actor("head"), scheme)] == [again.pk]
        assert not queries.self_checks(cast.actor("class_teacher"), scheme).exists()

    def test_nobody_checks_for_others(self, cast):
        other = Whom(staff=cast.staff["helper"])
        with pytest.raises(NotAllowed):
            way.check_self(cast.actor("class_teacher"), scheme=published(cast), whom=other, client_id=uuid4())

    def test_the_class_teacher_looks_at_the_own_class_and_its_teachers_at_themselves(self, cast):
        cast.teach("other_teacher", cast.class_one)
        mine = queries.own_parts(cast.actor("class_teacher"), published(cast, "class"))
        assert [one.school_class for one in mine] == [cast.class_one]
        team = queries.own_parts(cast.actor("other_teacher"), published(cast, "group"))
        assert [one.school_class for one in team] == [cast.class_one]
        assert queries.own_parts(cast.actor("helper"), published(cast, "progress")) == []


class TestProposing:
    def test_a_proposal_is_sealed_told_once_and_leaves_its_trail_without_words(self, cast, child_proposed):
        child = cast.students.key
        assert child_proposed.key == child.key and "下雨天" not in str(bytes(child_proposed.story_sealed))
        entry = AuditEntry.objects.filter(action="honour.propose").get()
        assert child.name not in str(entry.detail) and "下雨" not in str(entry.detail)
        with pytest.raises(Refused, match="there already"):
            proposed(cast, child_proposed.scheme, Whom(student=child))

    @pytest.mark.parametrize("who", ["counsellor", "outsider", "guardian", "finance_maker"])
    def test_who_may_not_propose_is_refused(self, cast, who):
        with pytest.raises(NotAllowed):
            proposed(cast, published(cast), Whom(staff=cast.staff["helper"]), who=who)

    def test_a_child_is_proposed_by_those_who_look_after_it(self, cast):
        scheme = published(cast, "progress")
        with pytest.raises(NotAllowed):
            proposed(cast, scheme, Whom(student=cast.students.plain))
        assert proposed(cast, scheme, Whom(student=cast.students.key), who="helper").pk

    def test_nobody_proposes_the_own_person_and_nobody_whom_the_scheme_is_not_about(self, cast):
        scheme = published(cast)
        with pytest.raises(Refused, match="proposed by colleagues"):
            proposed(cast, scheme, Whom(staff=cast.staff["helper"]), who="helper")
        for whom in (Whom(), Whom(student=cast.students.key), Whom(staff=cast.staff["outsider"])):
            with pytest.raises(Refused, match="who is to be honoured"):
                proposed(cast, scheme, whom)

    @pytest.mark.parametrize("story", ["", "捐了五百元", "班级排名第一", "电话13812345678", "字" * 601])
    def test_a_story_tells_what_somebody_did_and_no_amount_place_or_number(self, cast, story):
        with pytest.raises(Refused):
            way.propose(
                cast.actor("class_teacher"), scheme=published(cast), whom=Whom(staff=cast.staff["helper"]),
                client_id=uuid4(), story=story,
            )  # fmt: skip

    def test_after_its_last_day_nothing_is_proposed(self, cast, at_school):
        scheme = published(cast)
        at_school.move_to(NOW + 11 * DAYS)
        with pytest.raises(Refused, match="time for proposals is over"):
            proposed(cast, scheme, Whom(staff=cast.staff["helper"]))


class TestTheCommittee:
    def test_it_says_its_word_with_reasons_that_only_it_reads(self, cast, helper_proposed):
        said(cast, helper_proposed, "head", words="孩子们愿意找她。")
        seen = queries.looked_at(cast.actor("deputy"), helper_proposed)
        assert [one.words for one in seen.words] == ["孩子们愿意找她。"] and seen.able == 5
        for who in ("class_teacher", "helper", "outsider"):
            with pytest.raises(NotAllowed):
                queries.looked_at(cast.actor(who), helper_proposed)
        with pytest.raises(NotAllowed):
            said(cast, helper_proposed, "class_teacher")
        assert Review.objects.count() == 1

    def test_meets_without_most_of_what_matters_is_refused(self, cast, helper_proposed):
        light = list(helper_proposed.scheme.criteria.filter(weight=2))
        told = {"commendation": helper_proposed, "met": light, "words": "差一点"}
        with pytest.raises(Refused, match="less than half"):
            way.say(cast.actor("head"), meets=True, **told)
        assert way.say(cast.actor("head"), meets=False, **told).pk

    def test_more_than_half_speak_before_anything_follows_and_an_even_split_is_not_yet(
        self, cast, helper_proposed
    ):
        said(cast, helper_proposed, "head")
        said(cast, helper_proposed, "deputy", meets=False)
        with pytest.raises(Refused, match="More than half"):
            way.conclude(cast.actor("coordinator"), commendation=helper_proposed)
        said(cast, helper_proposed, "coordinator", meets=False)
        said(cast, helper_proposed, "counsellor")
        assert way.conclude(cast.actor("coordinator"), commendation=helper_proposed) == "not_yet"
        with pytest.raises(Refused, match="said its word"):
            said(cast, helper_proposed, "finance_maker")
        way.look_again(cast.actor("head"), commendation=helper_proposed)
        assert said(cast, helper_proposed, "finance_maker").pk

    def test_the_person_themselves_and_whoever_proposed_it_stand_back(self, cast):
        scheme = published(cast)
        one = proposed(cast, scheme, Whom(staff=cast.staff["deputy"]), who="coordinator")
        for who in ("deputy", "coordinator"):
            with pytest.raises(Refused, match="stand back"):
                said(cast, one, who)
            seen = queries.looked_at(cast.actor(who), one)
            assert seen.near and seen.words == () and seen.shown == ()
        assert queries.looked_at(cast.actor("head"), one).able == 3

    def test_one_who_leads_and_is_near_neither_reads_nor_concludes(self, cast):
        scheme = published(cast, committee=("head", "deputy", "counsellor", "finance_maker"))
        one = proposed(cast, scheme, Whom(staff=cast.staff["coordinator"]))
        for who in ("head", "deputy", "counsellor"):
            said(cast, one, who)
        office = cast.actor("coordinator")
        assert queries.looked_at(office, one).words == ()
        with pytest.raises(Refused, match="stand back"):
            way.conclude(office, commendation=one)
        assert way.conclude(cast.actor("head"), commendation=one) == "meets"

    def test_own_class_own_family_and_own_helper_stand_back(self, cast):
        people = ("class_teacher", "helper", "head", "deputy", "coordinator", "finance_maker")
        scheme = published(cast, "progress", committee=people)
        cast.grant("finance_maker", "guardian", student=cast.students.key)
        Pair.objects.create(
            school=cast.school, student=cast.students.key, helper=cast.staff["helper"],
            starts_on=NOW.date(), confirmed_at=NOW,
        )  # fmt: skip
        one = proposed(cast, scheme, Whom(student=cast.students.key), who="head")
        for who in ("class_teacher", "helper", "finance_maker", "head"):
            with pytest.raises(Refused, match="stand back"):
                said(cast, one, who)
        assert said(cast, one, "deputy").pk

    def test_whoever_is_near_in_another_way_says_so_and_what_they_said_counts_no_more(
        self, cast, helper_proposed
    ):
        said(cast, helper_proposed, "head")
        way.stand_back(cast.actor("head"), commendation=helper_proposed)
        seen = queries.looked_at(cast.actor("deputy"), helper_proposed)
        assert seen.words == () and seen.able == 4
        with pytest.raises(Refused, match="stand back"):
            said(cast, helper_proposed, "head")
        way.come_back(cast.actor("head"), commendation=helper_proposed)
        assert len(queries.looked_at(cast.actor("deputy"), helper_proposed).words) == 1
        with pytest.raises(NotAllowed):
            way.stand_back(cast.actor("class_teacher"), commendation=helper_proposed)


class TestConsentBeforePraise:
    def test_a_colleague_answers_alone_and_the_committee_comes_first(self, cast, helper_proposed):
        office = cast.actor("coordinator")
        with pytest.raises(Refused, match="committee says its word"):
            consenting.ask(office, commendation=helper_proposed)
        meeting_it(cast, helper_proposed)
        assert consenting.ask(office, commendation=helper_proposed) == 1
        assert consenting.ask(office, commendation=helper_proposed) == 0
        asked = helper_proposed.asked.get()
        with pytest.raises(NotAllowed):
            consenting.answer(cast.actor("head"), asked=asked, yes=True)
        with pytest.raises(Refused, match="answer for themselves"):
            consenting.note_answer(office, asked=asked, yes=True, given_by="口头")
        consenting.answer(cast.actor("helper"), asked=asked, yes=True)
        assert list(queries.to_publish(helper_proposed.scheme)) == [helper_proposed]

    def test_no_answer_is_not_public(self, cast, helper_proposed):
        meeting_it(cast, helper_proposed)
        consenting.ask(cast.actor("coordinator"), commendation=helper_proposed)
        with pytest.raises(Refused, match="Nobody waits for a notice"):
            public(cast, helper_proposed)

    def test_of_a_child_the_family_and_the_child_both_agree(self, cast, child_proposed):
        meeting_it(cast, child_proposed)
        consenting.ask(cast.actor("coordinator"), commendation=child_proposed)
        family, child = child_proposed.asked.all()
        with pytest.raises(NotAllowed):
            consenting.answer(cast.actor("student"), asked=family, yes=True)
        consenting.answer(cast.actor("guardian"), asked=family, yes=True)
        assert not queries.to_publish(child_proposed.scheme).exists()
        with pytest.raises(NotAllowed):
            consenting.answer(cast.actor("guardian"), asked=child, yes=True)
        consenting.answer(cast.actor("student"), asked=child, yes=True)
        assert queries.to_publish(child_proposed.scheme).exists()
        with pytest.raises(Refused, match="own door"):
            consenting.note_answer(cast.actor("head"), asked=child, yes=False, given_by="班主任")

    def test_a_later_no_takes_the_name_from_the_notice_and_the_page(self, cast, at_school, child_proposed):
        awarded_one = awarded(cast, at_school, child_proposed)
        assert shown(cast) == ["周晓禾"]
        consenting.answer(cast.actor("student"), asked=awarded_one.asked.get(side="student"), yes=False)
        assert shown(cast) == []

    def test_a_no_while_the_notice_hangs_takes_the_name_from_it(self, cast, child_proposed):
        one = public(cast, agreed(cast, meeting_it(cast, child_proposed)))
        assert [line.name for line in named(one.notice)] == ["周晓禾"]
        consenting.answer(cast.actor("guardian"), asked=one.asked.get(side="guardian"), yes=False)
        assert named(one.notice) == []

    def test_praise_withdrawn_in_general_takes_the_name_away_too(self, cast, at_school, child_proposed):
        awarded(cast, at_school, child_proposed)
        helper = cast.actor("helper")
        consent = give_consent(
            helper, student=cast.students.key, purpose="praise", given_by="奶奶", student_agreed=True
        )
        assert shown(cast) == ["周晓禾"]
        withdraw_consent(helper, consent=consent)
        assert shown(cast) == []

    def test_for_a_class_its_class_teacher_answers_and_no_child_is_named(self, cast):
        one = proposed(cast, published(cast, "class"), Whom(school_class=cast.class_two), who="head")
        meeting_it(cast, one, "deputy", "coordinator", "counsellor")
        consenting.ask(cast.actor("coordinator"), commendation=one)
        assert [row.who for row in one.asked.all()] == ["邵明"]


class TestPublicityAndTitle:
    def test_the_title_is_given_once_the_notice_stood_its_days(self, cast, at_school, helper_proposed):
        one = public(cast, agreed(cast, meeting_it(cast, helper_proposed)))
        assert [(line.name, line.level) for line in named(one.notice)] == [("林岚", one.scheme.name)]
        with pytest.raises(Refused, match="notice still stands"):
            awarding.award(cast.actor("head"), scheme=one.scheme)
        at_school.move_to(NOW + 10 * DAYS)
        with pytest.raises(NotAllowed):
            awarding.award(cast.actor("coordinator"), scheme=one.scheme)
        assert awarding.award(cast.actor("head"), scheme=one.scheme) == 1
        one.refresh_from_db()
        assert (one.number, one.awarded_on) == (1, (NOW + 10 * DAYS).date())
        assert shown(cast) == ["林岚"]

    def test_an_objection_keeps_it_back_and_a_right_one_takes_it_down(self, cast, at_school, helper_proposed):
        one, office = public(cast, agreed(cast, meeting_it(cast, helper_proposed))), cast.actor("coordinator")
        told = {"student": None, "by": "", "text": "这件事是别人做的", "said_on": NOW.date()}
        objection = publicity.object_to(office, notice=one.notice, client_id=uuid4(), **told)
        at_school.move_to(NOW + 10 * DAYS)
        with pytest.raises(Refused, match="waits for its answer"):
            awarding.award(cast.actor("head"), scheme=one.scheme)
        publicity.answer(office, objection=objection, text="核实了，是误会", outcome="stands")
        assert awarding.award(cast.actor("head"), scheme=one.scheme) == 1

    def test_a_notice_taken_down_is_followed_by_another(self, cast, helper_proposed):
        one, office = public(cast, agreed(cast, meeting_it(cast, helper_proposed))), cast.actor("coordinator")
        first = one.notice_id
        with pytest.raises(Refused, match="Nobody waits"):
            public(cast, one)
        publicity.take_down(office, notice=one.notice, reason="写错了")
        assert public(cast, one).notice_id != first

    def test_it_is_withdrawn_with_its_reason_and_then_stands_nowhere(self, cast, at_school, helper_proposed):
        one = awarded(cast, at_school, helper_proposed)
        with pytest.raises(NotAllowed):
            awarding.withdraw(cast.actor("coordinator"), commendation=one, reason="事实有误")
        with pytest.raises(Refused):
            awarding.withdraw(cast.actor("head"), commendation=one, reason="")
        awarding.withdraw(cast.actor("head"), commendation=one, reason="事实有误")
        assert shown(cast) == []
        one.refresh_from_db()
        assert one.ended_reason == "事实有误" and one.awarded_on

    def test_withdrawn_by_mistake_before_it_was_public_comes_back(self, cast, helper_proposed):
        office = cast.actor("coordinator")
        awarding.withdraw(office, commendation=helper_proposed, reason="点错了")
        awarding.put_back(office, commendation=helper_proposed)
        assert Commendation.objects.standing().get() == helper_proposed

    def test_whoever_proposed_it_takes_it_back_until_the_committee_has_spoken(self, cast, helper_proposed):
        teacher = cast.actor("class_teacher")
        awarding.withdraw(teacher, commendation=helper_proposed, reason="看错了")
        awarding.put_back(teacher, commendation=helper_proposed)
        with pytest.raises(NotAllowed):
            awarding.withdraw(cast.actor("helper"), commendation=helper_proposed, reason="不好意思")
        meeting_it(cast, helper_proposed)
        with pytest.raises(NotAllowed):
            awarding.withdraw(teacher, commendation=helper_proposed, reason="看错了")

    def test_it_goes_from_the_page_by_itself(self, cast, at_school, helper_proposed):
        awarded(cast, at_school, helper_proposed)
        at_school.move_to(NOW + 375 * DAYS)
        assert shown(cast, "head") == ["林岚"]
        at_school.move_to(NOW + 376 * DAYS)
        assert shown(cast, "head") == []

    def test_a_proposal_is_seen_by_the_committee_and_whoever_made_it_and_by_nobody_else(
        self, cast, child_proposed
    ):
        def sees(who):
            return Commendation.objects.visible_to(cast.actor(who)).filter(pk=child_proposed.pk).exists()

        assert all(map(sees, ("class_teacher", "counsellor", "finance_maker", "head")))
        assert not any(map(sees, ("helper", "finance_checker", "guardian", "student", "outsider")))
