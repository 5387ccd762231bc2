import datetime
from dataclasses import replace
from uuid import UUID

import pytest
from tests.planned import TUTORING, in_force, with_measures

from tongxing.ground.kernel import clock


@pytest.fixture
def measure(cast, at_school):
    """宋桥, who teaches music and helps nobody, does dictation with 周晓禾; it is Monday of week 13."""
    staff = cast.teach("other_teacher", cast.class_one)
    one = replace(TUTORING, key=UUID(int=9), what="听写当场改", record_as="")
    plan = in_force(cast, draft=with_measures(TUTORING, replace(one, by="colleague", person_id=staff.pk)))
    at_school.move_to(datetime.datetime(2026, 11, 30, 16, tzinfo=clock.SCHOOL_TIME))
    return plan.versions.get().measures.get(by="colleague")
