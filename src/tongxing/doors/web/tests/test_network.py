"""The sheet with which phones learn to trust the school's own server: there only where it speaks HTTPS itself."""

import re
from uuid import UUID

import pytest
from django.conf import settings as product
from django.urls import reverse

from tongxing.ground.kernel import authority, clock

HERE = "http://192.168.1.20:8001"


@pytest.fixture
def served(settings, tmp_path):
    """This server as `tongxing up --lan` starts it."""
    settings.DATA, settings.LAN, settings.ADDRESS = tmp_path, HERE, "https://192.168.1.20:8000"
    return authority.certify(tmp_path / "keys", host="pc", addresses=["192.168.1.20"], now=clock.now())


@pytest.fixture(autouse=True)
def keys(tmp_path):
    (tmp_path / "keys").mkdir()


def test_the_administrator_prints_address_square_fingerprints_and_steps(cast, served):
    browser = cast.client("system_admin")
    assert reverse("settings-network") in browser.get(reverse("settings")).content.decode()
    text = browser.get(reverse("settings-network")).content.decode()
    prints = authority.fingerprints(served.certificate)
    for shown in (HERE, "https://192.168.1.20:8000", "<svg", "证书信任设置"):
        assert shown in text
    read = re.sub(r"<[^>]+>|\s", "", text)
    assert prints.sha256 in read
    assert prints.sha1 in read


def test_a_helper_does_not_reach_the_sheet(cast, served):
    assert cast.client("helper").get(reverse("settings-network")).status_code == 403


def test_slips_name_the_first_visit_and_the_whole_address_only_in_the_schools_network(cast, settings):
    browser, first = cast.client("system_admin"), "先打开 http://192.168.1.20:8001"
    settings.ALLOWED_HOSTS = ["192.168.1.20"]

    def slip(number: int) -> str:
        chosen = {"users": [cast.users["helper"].pk], "batch": str(UUID(int=number))}
        sent = browser.post(
            reverse("slips-print"), chosen, headers={"host": "192.168.1.20:8000"}, secure=True
        )
        return sent.content.decode()

    assert first not in slip(1)
    settings.LAN = HERE
    text = slip(2)
    assert first in text
    assert "https://192.168.1.20:8000/start" in text


def test_served_in_another_way_there_is_no_sheet_and_no_link_to_it(cast):
    browser = cast.client("system_admin")
    assert not product.LAN
    assert browser.get(reverse("settings-network")).status_code == 404
    assert reverse("settings-network") not in browser.get(reverse("settings")).content.decode()
