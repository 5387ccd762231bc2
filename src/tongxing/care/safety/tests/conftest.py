import pytest

from tongxing.care.safety import naming
from tongxing.ground.kernel.models import AuditEntry


@pytest.fixture
def named(cast):
    """The head has named responder and deputy responder."""
    for post, who in (("safety", "counsellor"), ("safety_deputy", "deputy")):
        naming.name_responder(cast.actor("head"), school=cast.school, post=post, staff=cast.staff[who])
    AuditEntry.objects.all().delete()
    return cast
