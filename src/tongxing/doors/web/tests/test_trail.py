import re
from pathlib import Path

from django.urls import reverse

import tongxing
from tongxing.doors.web.trail_words import ACTIONS
from tongxing.ground.people.actions import reveal

WRITTEN = re.compile(r'(?:record|_?log|log_scheme|_decided)\(\s*(?:SYSTEM|actor),\s*"([a-z]+\.[a-z_-]+)"')


def test_every_action_that_leaves_a_trace_has_its_words():
    sources = [p for p in Path(tongxing.__file__).parent.rglob("*.py") if "tests" not in p.parts]
    written = {action for path in sources for action in WRITTEN.findall(path.read_text("utf-8"))}
    assert len(written) > 30
    assert sorted(written - ACTIONS.keys()) == []


def test_the_head_reads_whose_phone_was_shown_and_the_administrator_does_not(cast):
    reveal(cast.actor("helper"), student=cast.students.key, field="phone", purpose="约家访时间")
    address = reverse("settings-audit")
    for_head = cast.client("head").get(address).content.decode()
    assert "周晓禾" in for_head
    assert "查看了联系方式" in for_head
    for_admin = cast.client("system_admin").get(address).content.decode()
    assert "查看了联系方式" in for_admin
    assert "周晓禾" not in for_admin
