import pytest

from .school import giving


@pytest.fixture
def told(cast):
    """Open books, two departments, and a campaign from 12 to 23 October whose roster is that of the 16th."""
    return giving(cast)
