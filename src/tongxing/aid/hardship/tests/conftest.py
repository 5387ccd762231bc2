import pytest

from .school import Story


@pytest.fixture
def story(cast) -> Story:
    return Story(cast)
