"""Short words for stories that are told in browsers: who reads or sends what, and what the page answers."""

from typing import Any

from django.urls import reverse

from tests.cast import Cast


def read(cast: Cast, who: str, name: str, *args: object, status: int = 200) -> str:
    answer = cast.client(who).get(reverse(name, args=args), follow=True)
    assert answer.status_code == status, (who, name, answer.status_code)
    return answer.content.decode()


def send(cast: Cast, who: str, name: str, *args: object, status: int = 200, **form: Any) -> str:
    answer = cast.client(who).post(reverse(name, args=args), form, follow=True)
    assert answer.status_code == status, (who, name, form, answer.status_code)
    return answer.content.decode()


def closed(cast: Cast, who: str, name: str, *args: object) -> None:
    """For this person there is no such page."""
    answer = cast.client(who).get(reverse(name, args=args))
    assert answer.status_code in (302, 403, 404), (who, name, answer.status_code)
    assert answer.status_code != 302 or "/sign-in/" in answer["Location"], (who, name, answer["Location"])
