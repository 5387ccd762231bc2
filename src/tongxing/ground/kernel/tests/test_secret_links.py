"""Addresses that nobody can guess, and how often they may be tried."""

from uuid import UUID, uuid4

from django.core.cache import cache

from .. import secret_links


def test_a_token_is_long_the_same_for_the_same_row_and_another_for_another_kind_of_page():
    seed = UUID(int=7)
    token = secret_links.token(seed, "gift")
    assert token == secret_links.token(seed, "gift") and len(token) >= 26
    assert len({token, secret_links.token(seed, "open-door"), secret_links.token(uuid4(), "gift")}) == 3


def test_within_counts_up_to_the_bound_and_no_further(db):
    cache.clear()
    name = secret_links.counter("10.0.0.1", "test")
    assert [secret_links.within(name, 2, 60) for _n in range(3)] == [True, True, False]
    assert secret_links.counted(name) == 3
    assert secret_links.within(secret_links.counter("10.0.0.2", "test"), 2, 60)


def test_a_counter_tells_nobody_whose_it_is():
    assert "10.0.0.1" not in secret_links.counter("10.0.0.1", "test")
