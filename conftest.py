import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

# a machine that is busy with other things is not a fault of the rule that is tried
hypothesis.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("suite")

pytest_plugins = ["tests.cast", "tests.emptied", "tests.named", "tests.promised"]


@pytest.fixture(autouse=True)
def school_language():
    """A page read in English leaves its language behind in this thread; the next test starts in the school's."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
