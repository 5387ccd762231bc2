import pytest

from .school import Aid


@pytest.fixture
def aid(cast) -> Aid:
    return Aid(cast)
