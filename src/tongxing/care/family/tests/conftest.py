import pytest

from tongxing.ground.people.models import Guardian, Student


@pytest.fixture
def child(cast) -> Student:
    return Student.objects.select_related("key", "school").get(pk=cast.students.key.pk)


@pytest.fixture
def grandma(cast) -> Guardian:
    return Guardian.objects.get(name="周桂兰")
