"""A family's circumstances on the page, without JavaScript."""

from django.urls import reverse

from tongxing.ground.people.models import Circumstance

FORM = {"category": "migrant", "source": "家访", "since": "2026-09-01", "valid_until": ""}


def address(cast):
    return reverse("circumstances", args=[cast.students.key.pk])


def test_a_helper_notes_what_the_visit_told_and_hardship_is_not_among_the_choices(cast):
    page = cast.client("helper").get(address(cast)).content.decode()
    assert 'value="migrant"' in page and "minimum_living" not in page
    page = cast.client("helper").post(address(cast), FORM, follow=True).content.decode()
    assert "来源：家访" in page and "仍然如此" in page
    assert 'value="minimum_living"' in cast.client("coordinator").get(address(cast)).content.decode()


def test_a_choice_that_was_not_offered_is_refused_and_what_was_typed_stands_there(cast):
    before = Circumstance.objects.count()
    response = cast.client("helper").post(
        address(cast), FORM | {"category": "minimum_living", "source": "邻居"}
    )
    assert response.status_code == 422 and 'value="邻居"' in response.content.decode()
    assert Circumstance.objects.count() == before


def test_a_hardship_is_found_by_no_id_of_a_helper(cast):
    hidden = Circumstance.objects.create(
        school=cast.school, student=cast.students.key, category="minimum_living", source="民政局"
    )
    for name in ("circumstance-end", "circumstance-check"):
        assert cast.client("helper").post(reverse(name, args=[hidden.pk])).status_code == 404
    hidden.refresh_from_db()
    assert (hidden.valid_until, hidden.checked_on) == (None, None)


def test_ending_has_an_exact_way_back(cast):
    cast.client("helper").post(address(cast), FORM | {"valid_until": "2027-07-01"})
    noted = Circumstance.objects.get(category="migrant", student=cast.students.key)
    end = reverse("circumstance-end", args=[noted.pk])
    page = cast.client("helper").post(end, follow=True).content.decode()
    assert 'name="until" value="2027-07-01"' in page
    assert reverse("circumstance-check", args=[noted.pk]) not in page  # it stands among the earlier ones
    cast.client("helper").post(end, {"until": "2027-07-01"})
    noted.refresh_from_db()
    assert noted.valid_until.isoformat() == "2027-07-01"
    assert cast.client("helper").post(end, {"until": "明年"}).status_code == 404
    assert cast.client("helper").post(end, {"until": "2026-08-01"}).status_code == 422  # before it began
    noted.refresh_from_db()
    assert noted.valid_until.isoformat() == "2027-07-01"
