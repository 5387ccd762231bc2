import pytest

from .books import books


@pytest.fixture
def told(cast):
    """The books of the school, opened in September, with nothing in them."""
    return books(cast.school, cast.users["finance_maker"], cast.users["finance_checker"])
