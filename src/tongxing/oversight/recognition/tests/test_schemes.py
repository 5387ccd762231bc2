"""Schemes: written, published, changed and ended, by those who lead."""

from uuid import uuid4

import pytest

from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.oversight.recognition import schemes, way
from tongxing.oversight.recognition.models import Scheme
from tongxing.oversight.recognition.schemes import Asks
from tongxing.oversight.recognition.whom import Whom

from . import school
from .school import draft, facts, proposed, published

pytestmark = pytest.mark.usefixtures("english")


class TestSchemes:
    def test_a_draft_is_read_by_those_who_lead_and_published_for_all_colleagues(self, cast):
        made = draft(cast)
        assert Scheme.objects.visible_to(cast.actor("deputy")).filter(pk=made.pk).exists()
        assert not Scheme.objects.visible_to(cast.actor("helper")).filter(pk=made.pk).exists()
        school_wide = published(cast, "class")
        assert Scheme.objects.visible_to(cast.actor("helper")).get() == school_wide
        assert not Scheme.objects.visible_to(cast.actor("outsider")).exists()
        assert not Scheme.objects.visible_to(cast.actor("guardian")).exists()

    def test_a_form_that_is_sent_twice_is_one_scheme_and_one_proposal(self, cast):
        one, sent = published(cast), uuid4()
        told = {"school": cast.school, "year": cast.year, "client_id": sent, "facts": facts("class")}
        twins = [schemes.write(cast.actor("head"), criteria=school.ASKS["class"], **told) for _ in "ab"]
        assert twins[0] == twins[1]
        told = {
            "scheme": one,
            "whom": Whom(staff=cast.staff["helper"]),
            "client_id": sent,
            "story": "等孩子放学",
        }
        assert way.propose(cast.actor("head"), **told) == way.propose(cast.actor("head"), **told)

    @pytest.mark.parametrize("who", ["class_teacher", "helper", "outsider", "guardian"])
    def test_only_those_who_lead_write_one(self, cast, who):
        with pytest.raises(NotAllowed):
            draft(cast, who=who)

    @pytest.mark.parametrize("code", ["scores", "gifts", "log_ins", "words", "shared"])
    def test_evidence_is_one_of_the_closed_list_and_fits_who_is_honoured(self, cast, code):
        with pytest.raises(Refused, match="cannot show anything"):
            schemes.write(
                cast.actor("head"), school=cast.school, year=cast.year, client_id=uuid4(),
                facts=facts("colleague"), criteria=[Asks("做到了", 2, code)],
            )  # fmt: skip

    def test_what_is_counted_never_decides_alone(self, cast):
        counted = schemes.write(
            cast.actor("head"), school=cast.school, year=cast.year, client_id=uuid4(),
            facts=facts("colleague"), criteria=[Asks("做到了", 2, "visits")],
        )  # fmt: skip
        with pytest.raises(Refused, match="judged by people"):
            schemes.publish(cast.actor("head"), scheme=counted)

    def test_it_is_published_with_a_committee_and_not_changed_afterwards(self, cast):
        made, office = draft(cast), cast.actor("coordinator")
        with pytest.raises(Refused, match="name the committee"):
            schemes.publish(office, scheme=made)
        nobody = [cast.staff[name] for name in ("head", "deputy", "other_teacher")]
        with pytest.raises(Refused, match="neither lessons nor a role"):
            schemes.name_committee(office, scheme=made, staff=nobody)
        two = [cast.staff[name] for name in ("head", "deputy")]
        with pytest.raises(Refused, match="At least 3 people"):
            schemes.name_committee(office, scheme=made, staff=two)
        schemes.name_committee(office, scheme=made, staff=[*two, cast.staff["counsellor"]])
        schemes.publish(office, scheme=made)
        with pytest.raises(Refused, match="is published"):
            schemes.write(
                office, school=cast.school, year=cast.year, client_id=uuid4(), facts=facts("colleague"),
                criteria=school.ASKS["colleague"], scheme=made,
            )  # fmt: skip
        schemes.back_to_draft(office, scheme=made)
        made.refresh_from_db()
        assert made.is_draft

    def test_once_somebody_was_proposed_it_ends_with_a_reason_only(self, cast):
        helper_proposed = proposed(cast, published(cast), Whom(staff=cast.staff["helper"]))
        with pytest.raises(Refused, match="End it with its reason"):
            schemes.back_to_draft(cast.actor("head"), scheme=helper_proposed.scheme)
        with pytest.raises(Refused):
            schemes.end(cast.actor("head"), scheme=helper_proposed.scheme, reason=" ")
        schemes.end(cast.actor("head"), scheme=helper_proposed.scheme, reason="换了办法")
        with pytest.raises(Refused, match="has ended"):
            proposed(cast, helper_proposed.scheme, Whom(staff=cast.staff["other_teacher"]))
