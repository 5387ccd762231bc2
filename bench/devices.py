"""Many phones come back to the network at once: nothing is lost, nothing is there twice.

    PYTHONPATH=src:. .venv/bin/python -m bench.devices [DEVICES=200] [--data EXISTING_DEMO_FOLDER]

Starts the demo school (encrypted SQLite, two processes as a school runs them). Each device has 20 records and sends them
as a phone does, half as many at a time after no answer; one answer in five is lost and sent again, one batch in ten
goes out twice at the same time. Afterwards the database is asked for every id. The limit beside it: one device alone
on the same server. Load and server share the machine. Goes to `bench/results/devices-NUMBER.json`.
"""

import argparse
import http.client
import json
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from bench.school import ask, demo

RESULTS = Path(__file__).parent / "results"
ITEMS, WITHIN = 20, 1.5  # records of one device; seconds for each device until all must have arrived
PATIENCE = 60  # seconds a phone waits for an answer
TOKEN = "a" * 32
PAUSE = 0.5  # seconds before “busy” is tried again


class Device:
    """A phone of one helper with its records."""

    def __init__(self, base: str, helper: dict[str, Any], chance: random.Random) -> None:
        self.address, self.helper, self.chance = urlsplit(base).netloc, helper, chance
        self.items = [self._item(number) for number in range(ITEMS)]
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()

    def _item(self, number: int) -> dict[str, Any]:
        fields = [["kind", "talk"], ["made", "1"], ["channel", "in_person"], ["when", "now"], ["next", ""]]
        words = [["visibility", "team"], ["thoughts", f"第{number}次聊，作业写完了，想把英语跟上。"]]
        student = self.chance.choice(self.helper["students"])
        waited = self.chance.random() * 3_600
        return {
            "id": str(uuid4()),
            "form": "record",
            "student": student,
            "waited": waited,
            "fields": fields + words,
        }

    def send_all(self) -> None:
        left, most = list(self.items), ITEMS
        while left:
            batch = left[:most]
            twice = self.chance.random() < 0.1
            other = threading.Thread(target=self._send, args=[batch]) if twice else None
            if other:
                other.start()
            answers = self._send(batch)
            most = ITEMS if answers else max(1, most // 2)
            if other:
                other.join()
            if self.chance.random() < 0.2:
                continue  # the answer is lost on the way: all of it again
            done = {answer["id"] for answer in answers if answer["status"] == 200}
            if len(done) < len(batch):
                time.sleep(PAUSE)
            left = [item for item in left if item["id"] not in done]

    def _send(self, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        body = urlencode({"items": json.dumps(items), "user": self.helper["user"], "tell": ""})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={self.helper['session']}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
        }
        began = time.perf_counter()
        line = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        try:
            line.request("POST", "/offline/send/", body, headers)
            answer = line.getresponse()
            told = json.loads(answer.read()).get("items", []) if answer.status == 200 else []
            self.statuses.update([one["status"] for one in told] or [answer.status])
        except OSError:  # the server is too busy to answer: as if the line had gone
            told = []
            self.statuses[0] += 1
        finally:
            line.close()
        self.seconds.append(time.perf_counter() - began)
        return list(told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("devices", type=int, nargs="?", default=200)
    parser.add_argument("--data", type=Path, help="a demo folder that exists already")
    options = parser.parse_args()
    folder = options.data or Path(tempfile.mkdtemp(prefix="tongxing-devices-"))
    try:
        with demo(folder) as base:
            report = measure(base, folder, options.devices)
    finally:
        if not options.data:
            shutil.rmtree(folder)
    told = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    (RESULTS / f"devices-{options.devices}.json").write_text(told, "utf-8")
    sys.stdout.write(told)
    if not all(one["met"] for one in report):
        sys.exit(1)


def measure(base: str, folder: Path, number: int) -> list[dict[str, Any]]:
    helpers = ask(folder, "bench.devices:helpers")
    chance = random.Random(number)  # noqa: S311  # a load, not a secret
    alone = Device(base, helpers[0], random.Random(1))  # noqa: S311
    Device(base, helpers[0], random.Random(2))._send(alone.items[:1])  # noqa: S311  # the server's first breath
    began = time.perf_counter()
    alone._send(alone.items)
    limit = (time.perf_counter() - began) / ITEMS
    devices = [
        Device(base, helpers[place % len(helpers)], random.Random(chance.random()))  # noqa: S311
        for place in range(number)
    ]
    began = time.perf_counter()
    with ThreadPoolExecutor(number) as pool:
        list(pool.map(Device.send_all, devices))
    took = time.perf_counter() - began
    ids = [item["id"] for device in devices for item in device.items]
    there = ask(folder, "bench.devices:there", ids)
    seconds = sorted(second for device in devices for second in device.seconds)
    statuses = sum((device.statuses for device in devices), Counter[int]())
    each = took / len(ids)
    return [
        figure("records sent", len(ids), "records"),
        figure("records lost", len(ids) - there["kept"], "records", 0),
        figure("records kept twice", there["rows"] - there["kept"] + there["beside"], "records", 0),
        figure("all arrived after", round(took, 1), "s", WITHIN * number),
        figure("each record", round(each * 1000, 1), "ms", baseline=round(limit * 1000, 1)),
        figure("a batch, median", round(statistics.median(seconds), 2), "s"),
        figure("a batch, slowest of a hundred", round(seconds[int(len(seconds) * 0.99)], 2), "s"),
        figure("requests", len(seconds), "requests"),
        figure("asked to try again", statuses[503] + statuses[0], "answers"),
    ]


def figure(
    name: str, value: float, unit: str, target: float | None = None, baseline: float | None = None
) -> dict[str, Any]:
    ratio = round(value / baseline, 2) if baseline else None
    met = target is None or value <= target
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "baseline": baseline,
        "ratio": ratio,
        "target": target,
        "met": met,
    }


def helpers() -> list[dict[str, Any]]:
    """Each helper with a session and the students they may write about."""
    from django.test import Client

    from tongxing.ground.access.models import Grant

    found: dict[int, dict[str, Any]] = {}
    for grant in Grant.objects.filter(role="helper", ends_on=None, user__is_active=True).select_related(
        "user"
    ):
        if grant.user_id not in found:
            client = Client()
            client.force_login(grant.user)
            session = client.cookies["sessionid"].value
            found[grant.user_id] = {"user": grant.user_id, "session": session, "students": []}
        found[grant.user_id]["students"].append(grant.student_id)
    return [one for one in found.values() if one["students"]]


def there(ids: list[str]) -> dict[str, int]:
    """How many of these are kept, in how many rows, and how many were kept beside another."""
    from tongxing.care.contacts.models import Contact, OtherVersion

    rows = [str(id) for id in Contact.objects.filter(client_id__in=ids).values_list("client_id", flat=True)]
    beside = OtherVersion.objects.count()
    return {"rows": len(rows), "kept": len(set(rows)), "beside": beside}


if __name__ == "__main__":
    main()
