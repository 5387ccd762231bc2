"""A school in which somebody answers for children's safety."""

import pytest

from tongxing.care.safety import naming


@pytest.fixture
def named(cast):
    """The head has named responder and deputy responder."""
    for post, who in (("safety", "counsellor"), ("safety_deputy", "deputy")):
        naming.name_responder(cast.actor("head"), school=cast.school, post=post, staff=cast.staff[who])
    return cast
