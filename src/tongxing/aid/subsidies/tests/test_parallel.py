"""Two who work on the same project at the same moment: nobody is listed while being taken back."""

import threading
import time

from django.db import connections, transaction
from django.utils import translation

from ..actions import pay, rounds
from ..models import Subsidy
from .school import Aid, new_id

#: How long the first keeps its transaction open, so that the second surely arrives within it.
OPEN = 0.5


def test_whoever_is_being_taken_back_stands_on_no_list_that_is_made_meanwhile(transactional_db, cast):
    aid = Aid(cast)
    round = aid.granted()
    one = Subsidy.objects.get(round=round, student=cast.students.key)
    taken, trouble = threading.Event(), []

    def take_back() -> None:
        try:
            with translation.override("en"), transaction.atomic():
                rounds.take_back(aid.office, subsidy=one, reason="错了")
                taken.set()
                time.sleep(OPEN)
        except Exception as error:  # told by the test, not lost in a thread
            trouble.append(error)
        finally:
            taken.set()
            connections.close_all()

    first = threading.Thread(target=take_back)
    first.start()
    taken.wait()
    made = pay.make_list(aid.head, round=round, client_id=new_id())
    first.join()
    assert trouble == []
    assert [line.student for line in made.lines.all()] == [cast.students.plain]
    assert made.total == 300_00
