import pytest

from .school import college


@pytest.fixture
def school(cast):
    return college(cast)
