"""A form that is sent twice becomes one row, also when both arrive in the same instant."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction

T = TypeVar("T")


def once(find: Callable[[], T | None], make: Callable[[], T]) -> T:
    """What `find` finds, else what `make` makes. `make` meets a twin's row (a unique client-made id): the twin's.

    Both write within a savepoint, so that what the loser had begun is gone. `find` may refuse.
    """
    if (found := find()) is not None:
        return found
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        if (found := find()) is None:
            raise
        return found
