"""What those near the registered students know about them: likes, talents, health, and who at home cannot read."""

import datetime
import random
from uuid import UUID

from django.db.models import F

from tongxing.care.profiles.actions import note_trait
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.models import Guardian, Registration

from . import SEED, Demo, words

INTO_TERM = datetime.timedelta(weeks=3)


def tell(demo: Demo) -> None:
    pick = random.Random(SEED + 1)  # noqa: S311  # its own: the rest of the story stays as it is
    elders = Guardian.objects.filter(school=demo.school, relation="grandparent")
    elders.annotate(rest=F("pk") % 2).filter(rest=0).update(reads=False)
    entries = Registration.objects.filter(school=demo.school, ends_on=None)
    with clock.telling(clock.start_of(demo.dates.now.starts_on + INTO_TERM)):
        for entry in entries.select_related("student__key").order_by("pk"):
            for kind, chance, some in (
                ("interest", 0.9, words.INTERESTS),
                ("talent", 0.5, words.TALENTS),
                ("strength", 0.7, words.STRENGTHS),
                ("health", 0.1, words.HEALTH),
            ):
                if pick.random() < chance:
                    note_trait(
                        SYSTEM,
                        student=entry.student,
                        kind=kind,
                        words=pick.choice(some),
                        client_id=UUID(int=pick.getrandbits(128)),
                    )
