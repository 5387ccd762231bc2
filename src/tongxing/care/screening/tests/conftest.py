import pytest

from .school_life import exam_of


@pytest.fixture
def exam(cast):
    return exam_of(cast.term)
