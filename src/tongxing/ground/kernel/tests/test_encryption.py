import pytest

from tongxing.ground.kernel.encryption import Unreadable, blind_index, new_key, seal, unseal
from tongxing.ground.kernel.masking import mask_address, mask_id_number, mask_phone

PLACE = "people_student.phone"


def test_a_sealed_value_opens_with_its_key_at_its_place():
    key = new_key()
    assert unseal(key, seal(key, "13812345678", PLACE), PLACE) == "13812345678"


def test_two_seals_of_one_value_differ():
    key = new_key()
    assert seal(key, "13812345678", PLACE) != seal(key, "13812345678", PLACE)


@pytest.mark.parametrize("case", ["other place", "other key", "damaged", "destroyed"])
def test_a_sealed_value_opens_nowhere_else(case):
    key, other = new_key(), new_key()
    sealed = seal(key, "13812345678", PLACE)
    if case == "destroyed":
        key.wrapped = None
    if case == "damaged":
        sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    with pytest.raises(Unreadable):
        unseal(
            other if case == "other key" else key, sealed, "other.column" if case == "other place" else PLACE
        )


def test_equal_values_share_a_blind_index_only_within_one_column():
    assert blind_index("330227", "a.id") == blind_index("330227", "a.id")
    assert blind_index("330227", "a.id") != blind_index("330227", "b.id")
    assert blind_index("", "a.id") == ""


def test_masked_forms_keep_too_little_to_call_or_find_anyone():
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("62345") == "***45"
    assert mask_id_number("330227200101011234") == "33**************34"
    assert mask_address("和风镇柳溪村三组12号") == "和风镇柳溪村***"
    assert mask_address("柳溪村") == "***"
    assert mask_phone("") == mask_id_number("") == mask_address("") == ""
