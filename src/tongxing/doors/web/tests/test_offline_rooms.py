"""What comes from a phone beside records: one item is one fact, as of the moment it was written, with the page's rules."""

import datetime
import json
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from tongxing.care.activities.models import Event, Part
from tongxing.care.activities.tests.school import given, offered, wished
from tongxing.care.attendance_watch.actions import absences
from tongxing.care.attendance_watch.actions.roll import call_roll
from tongxing.care.attendance_watch.models import Absence, AbsenceStep, RollCall
from tongxing.care.peers.models import GoodDeed
from tongxing.care.programme.models import MeasureOutcome
from tongxing.care.requests.models import HelpRequest
from tongxing.care.screening.models import ClassVisit, Nomination
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.models import AuditEntry

from .test_offline import send, statuses

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def item(form, student=0, *, waited=0, id=None, **fields):
    told = [
        (name, one) for name, many in fields.items() for one in (many if isinstance(many, list) else [many])
    ]
    return {"id": str(id or uuid4()), "form": form, "student": student, "waited": waited, "fields": told}


def roll(cast, *missing, **more):
    ids = [str(one.pk) for one in missing]
    return item("roll", **{"class": str(cast.class_one.pk), "missing": ids}, **more)


class TestTheMorning:
    def test_a_roll_call_that_arrives_twice_is_one_with_one_step_for_each_child(self, cast):
        client, one = cast.client("class_teacher"), roll(cast, cast.students.key, waited=3600)
        first, second = send(client, one), send(client, one | {"waited": 4000})
        assert first == second and statuses(first) == [200]
        assert Absence.objects.get().student == cast.students.key
        assert AbsenceStep.objects.count() == 1
        assert RollCall.objects.get().taken_at == clock.now() - HOUR

    def test_it_is_of_the_day_on_which_the_names_were_tapped(self, cast):
        send(cast.client("class_teacher"), roll(cast, cast.students.key, waited=24 * 3600))
        assert Absence.objects.get().day == clock.today() - 24 * HOUR

    def test_whoever_was_seen_at_school_since_is_not_called_away_again(self, cast, at_school):
        client, one = cast.client("class_teacher"), roll(cast, cast.students.key)
        send(client, one)
        at_school.shift(HOUR)
        absences.came(cast.actor("class_teacher"), absence=Absence.objects.get(), late=True)
        send(client, one | {"waited": 3600})
        assert not Absence.objects.get().is_open
        send(client, roll(cast, cast.students.key))  # written after that: the child is gone again
        assert Absence.objects.get().is_open

    def test_a_later_look_at_the_class_stays_the_one_that_is_shown(self, cast):
        call_roll(cast.actor("coordinator"), school_class=cast.class_one, missing=[])
        send(cast.client("class_teacher"), roll(cast, cast.students.key, waited=600))
        assert RollCall.objects.get().taken_by == cast.users["coordinator"]
        assert Absence.objects.get().student == cast.students.key, "nobody who was missed is forgotten"

    def test_the_class_of_others_and_a_child_of_others_are_refused(self, cast):
        other = {"class": str(cast.class_two.pk)}
        answers = send(
            cast.client("class_teacher"), item("roll", **other), roll(cast, cast.students.plain), item("roll")
        )
        assert statuses(answers) == [403, 422, 400]
        assert not RollCall.objects.exists() and not Absence.objects.exists()


class TestHelpForAChild:
    def test_it_is_asked_once_on_the_day_of_writing_and_its_words_are_sealed(self, cast):
        one = item("request", cast.students.key.pk, topic="studying", text="数学跟不上了", waited=24 * 3600)
        first, second = (send(cast.client("helper"), one) for _time in range(2))
        assert first == second and statuses(first) == [200]
        asked = HelpRequest.objects.get(pk=first[0]["record"])
        assert asked.asked_on == clock.today() - 24 * HOUR
        assert "数学" not in str(AuditEntry.objects.values_list("detail", flat=True))
        assert "数学".encode() not in bytes(asked.text_sealed)

    def test_harm_goes_to_those_who_answer_for_safety(self, cast):
        (answer,) = send(
            cast.client("helper"), item("request", cast.students.key.pk, topic="hurt", text="有人打他")
        )
        assert HelpRequest.objects.get(pk=answer["record"]).in_safety

    def test_who_shall_not_read_it_is_left_out(self, cast):
        told = {"topic": "home", "text": "家里的事", "without": ["class_teacher"]}
        (answer,) = send(cast.client("helper"), item("request", cast.students.key.pk, **told))
        kept_from = HelpRequest.objects.get(pk=answer["record"]).kept_from
        assert cast.users["class_teacher"] in kept_from.all()

    def test_other_words_under_the_same_id_are_another_request_and_none_is_lost(self, cast):
        id = uuid4()
        for words in ("第一句", "第二句"):
            send(
                cast.client("helper"), item("request", cast.students.key.pk, id=id, topic="other", text=words)
            )
        assert HelpRequest.objects.count() == 2

    def test_for_a_child_of_others_or_about_nothing_it_is_refused(self, cast):
        far = item("request", cast.students.far.pk, topic="other", text="x")
        nothing = item("request", cast.students.key.pk, topic="", text="x")
        assert statuses(send(cast.client("helper"), far, nothing)) == [403, 422]
        assert not HelpRequest.objects.exists()


class TestAVisitToAClass:
    def told(self, cast, **more):
        plain = cast.students.plain.pk
        fields = {
            "class": str(cast.class_two.pk),
            "on": "2026-11-24",
            "visitors": [str(cast.staff["head"].pk)],
            "asked": ["students"],
            "noticed": "后排两扇窗关不严",
            f"words-{plain}": "作业本用完没有买新的",
        }
        return item("visit", **fields | more)

    def test_it_is_written_down_once_with_the_children_who_were_named(self, cast):
        one = self.told(cast)
        assert send(cast.client("head"), one) == send(cast.client("head"), one)
        assert ClassVisit.objects.get().noticed == "后排两扇窗关不严"
        assert Nomination.objects.get().student == cast.students.plain

    def test_a_word_of_danger_leads_to_who_can_be_called(self, cast):
        named = {f"words-{cast.students.plain.pk}": "她说不想活了"}
        (answer,) = send(cast.client("head"), self.told(cast, **named))
        assert "caught" in answer["leads_to"]

    def test_what_is_missing_is_said_beside_its_field_and_teachers_write_none(self, cast):
        (answer,) = send(cast.client("head"), self.told(cast, asked=[]))
        assert answer["status"] == 422 and set(answer["fields"]) == {"asked"}
        assert statuses(send(cast.client("class_teacher"), self.told(cast))) == [403]
        assert not ClassVisit.objects.exists()


class TestWhoCame:
    @pytest.fixture
    def group(self, cast, at_school):
        """宋桥 leads a group in which 周晓禾 and 苏苗苗 have a place."""
        offer = offered(cast, places=5)
        wished(offer, cast.students.key, cast.students.plain)
        given(cast, offer, at_school)
        return offer

    def told(self, cast, group, state="absent", **more):
        return item("tick", offer=str(group.pk), **{f"state-{cast.students.key.pk}": state}, **more)

    def test_the_meeting_of_that_day_is_ticked_once(self, cast, group):
        client, one = cast.client("other_teacher"), self.told(cast, group)
        assert send(client, one) == send(client, one)
        assert Event.objects.get().on == clock.today()
        assert Part.objects.get().state == Part.State.ABSENT, "nobody is ticked whom the phone did not show"

    def test_what_somebody_ticked_since_stays(self, cast, group, at_school):
        client, one = cast.client("other_teacher"), self.told(cast, group)
        send(client, one)
        at_school.shift(HOUR)
        send(client, self.told(cast, group, "present"))
        assert statuses(send(client, one | {"waited": 3600})) == [200]
        assert Part.objects.get().state == Part.State.PRESENT

    def test_an_event_is_ticked_too_and_the_group_of_others_is_not(self, cast, group):
        client = cast.client("other_teacher")
        (answer,) = send(client, self.told(cast, group))
        again = item("tick", event=str(answer["record"]), **{f"state-{cast.students.key.pk}": "present"})
        assert send(client, again)[0]["record"] == answer["record"]
        assert Part.objects.get().state == Part.State.PRESENT
        assert statuses(send(cast.client("helper"), self.told(cast, group), again)) == [403, 403]


@pytest.mark.usefixtures("promised")
class TestWhatIsLeft:
    def test_how_a_measure_went_is_told_once_for_the_day_of_the_tap(self, cast, measure):
        one = item("measure", cast.students.key.pk, measure=str(measure.pk), outcome="well", waited=60)
        client = cast.client("other_teacher")
        assert send(client, one) == send(client, one)
        assert MeasureOutcome.objects.get().happened_on == clock.today()
        other = item("measure", cast.students.key.pk, measure=str(measure.pk), outcome="well")
        assert statuses(send(cast.client("helper"), other)) == [403]

    def test_a_good_deed_is_noted_once_on_its_day_and_not_for_the_class_of_others(self, cast):
        one = item("deed", cast.students.key.pk, phrase="0", waited=24 * 3600)
        client = cast.client("class_teacher")
        assert send(client, one) == send(client, one)
        assert GoodDeed.objects.get().happened_on == clock.today() - 24 * HOUR
        assert statuses(send(client, item("deed", cast.students.far.pk, phrase="0"))) == [403]


def test_whoever_looks_on_is_told_what_was_noted(cast):
    one = roll(cast, cast.students.key, id=UUID(int=4))
    client = cast.client("class_teacher")
    sent = {"items": json.dumps([one]), "user": client.session["_auth_user_id"], "tell": one["id"]}
    client.post(reverse("offline-send"), sent)
    assert "请问清这 1 个孩子在哪里" in client.get(reverse("attendance")).content.decode()
