import pytest
from django.conf import settings
from django.utils import translation

pytest_plugins = ["tests.cast", "tests.named", "tests.promised"]


@pytest.fixture(autouse=True)
def school_language():
    """A page read in English leaves its language behind in this thread; the next test starts in the school's."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
