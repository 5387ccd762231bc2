"""Projects and amounts: who keeps them, and that what is past stays as it was."""

import pytest
from django.db import IntegrityError, transaction

from tongxing.ground.kernel.errors import NotAllowed, Refused

from ..actions import projects, rounds
from ..models import Project, Rate, Subsidy
from ..queries.eligible import suggestion_for
from ..queries.rounds import projects_of
from .school import TODAY, new_id, recognise

pytestmark = pytest.mark.usefixtures("english")


def test_the_usual_projects_are_taken_once_and_fit_the_stages_taught(aid):
    school = aid.cast.school
    assert projects.take_usual(aid.office, organisation=school) == 5
    assert projects.take_usual(aid.office, organisation=school) == 0
    living = Project.objects.get(school=school, kind="living")
    assert {(one.stage, one.boarding, one.amount) for one in living.rates.all()} == {
        ("junior", "boards", 750_00), ("junior", "day", 375_00),
    }  # fmt: skip
    assert not Project.objects.filter(kind="grant").exists()


def test_the_county_keeps_its_projects_and_schools_see_them(aid):
    officer, county = aid.cast.actor("county_aid_officer"), aid.cast.county
    assert projects.take_usual(officer, organisation=county) == 6
    of_county = Project.objects.get(kind="living")
    assert of_county in projects_of(aid.office, aid.cast.school)
    assert of_county.rates.count() == 4
    said = projects.RateSaid(800_00, TODAY, "县里通知", stage="junior", boarding="boards")
    with pytest.raises(Refused, match="county sets"):
        projects.set_rate(
            aid.office, organisation=aid.cast.school, project=of_county, said=said, client_id=new_id()
        )
    with pytest.raises(NotAllowed):
        projects.set_rate(aid.office, organisation=county, project=of_county, said=said, client_id=new_id())
    with pytest.raises(NotAllowed):
        projects.take_usual(officer, organisation=aid.cast.school)
    projects.set_rate(officer, organisation=county, project=of_county, said=said, client_id=new_id())
    assert of_county.rates.count() == 5
    assert projects.take_usual(aid.office, organisation=aid.cast.school) == 0  # they are there already


@pytest.mark.parametrize(
    "role", ["class_teacher", "finance_maker", "helper", "county_supervisor", "outsider"]
)
def test_nobody_else_changes_a_project(aid, role):
    with pytest.raises(NotAllowed):
        projects.take_usual(aid.cast.actor(role), organisation=aid.cast.school)


def test_a_new_amount_holds_from_its_day_and_changes_nothing_that_was_granted(aid):
    found = aid.granted(fen=300_00)
    aid.rate(found.project, 350_00, starts_on=TODAY)
    assert set(Subsidy.objects.values_list("amount", flat=True)) == {300_00}
    other = aid.cast.add_student("尹安", aid.cast.class_one, boarding=True)
    recognise(aid.cast, other)
    assert suggestion_for(found, other.pk).amount == 350_00


def test_an_amount_taken_back_is_suggested_no_more(aid):
    found = aid.round(fen=300_00)
    with pytest.raises(Refused, match="few words"):
        projects.take_rate_back(aid.office, rate=Rate.objects.get(), reason=" ")
    projects.take_rate_back(aid.office, rate=Rate.objects.get(), reason="看错了文件")
    assert suggestion_for(found, aid.cast.students.key.pk).reasons == ("no_amount",)


def test_a_form_sent_twice_makes_one_project_and_one_amount(aid):
    sent = {"organisation": aid.cast.school, "client_id": new_id(), "name": "校服费减免", "kind": "waiver", "payer": "school", "asks": "known"}  # fmt: skip
    one = projects.add_project(aid.office, **sent)
    assert projects.add_project(aid.office, **sent) == one
    with pytest.raises(Refused, match="this name"):
        projects.add_project(aid.office, **sent | {"client_id": new_id()})


def test_only_an_emergency_goes_without_a_recognition_and_only_things_without_money(aid):
    with pytest.raises(Refused, match="emergency"):
        aid.project(asks="nothing")
    with pytest.raises(Refused, match="Only things"):
        aid.project(payer="goods")
    made = aid.project(kind="emergency")
    assert (made.asks, made.payer) == ("nothing", "school")
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=made.pk).update(asks="known")


def test_an_ended_project_opens_no_further_term(aid):
    found = aid.round()
    with pytest.raises(Refused, match="Close that first"):
        projects.end_project(aid.office, project=found.project, reason="不再办")
    rounds.close_round(aid.office, round=found)
    projects.end_project(aid.office, project=found.project, reason="不再办")
    with pytest.raises(Refused, match="one of the projects"):
        rounds.open_round(aid.office, school=aid.cast.school, project=found.project, term=aid.cast.term)
