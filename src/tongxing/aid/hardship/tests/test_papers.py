"""The sheet a family signed: kept with what was keyed in from it, opened by whoever reviews, gone with the child's key."""

import pytest

from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel.encryption import Unreadable, destroy
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

from ..actions.papers import MOST_PAPERS, add_papers, open_paper
from ..models import SignedPaper
from .test_applications import at_door


@pytest.fixture
def keyed_in(story):
    return story.apply()


def add(story, application, role="class_teacher", contents=None):
    return add_papers(story.actor(role), application=application, contents=contents or [picture()])


def test_the_signed_sheet_is_kept_once_and_each_opening_is_logged(story, keyed_in):
    (paper,) = add(story, keyed_in)
    _content, media_type = open_paper(story.actor("coordinator"), paper=paper)
    assert media_type == "image/jpeg"
    done = AuditEntry.objects.filter(action__startswith="hardship.paper").order_by("pk")
    assert [(one.action, one.detail["application"]) for one in done] == [
        ("hardship.paper_added", keyed_in.pk),
        ("hardship.paper", keyed_in.pk),
    ]


@pytest.mark.parametrize("role", ["helper", "other_class_teacher", "finance_maker", "outsider"])
def test_nobody_else_adds_or_opens_it(story, keyed_in, role):
    (paper,) = add(story, keyed_in)
    with pytest.raises(NotAllowed):
        add(story, keyed_in, role)
    with pytest.raises(NotAllowed):
        open_paper(story.actor(role), paper=paper)


def test_what_was_told_at_the_door_has_no_sheet(story):
    with pytest.raises(Refused, match="没有纸质表"):
        add(story, at_door(story))


def test_some_sheets_too_many_or_no_picture_at_all_change_nothing(story, keyed_in):
    for contents in ([picture()] * (MOST_PAPERS + 1), [picture(), b"not a picture"]):
        with pytest.raises(Refused):
            add(story, keyed_in, contents=contents)
    assert not SignedPaper.objects.exists()


def test_with_the_childs_key_the_sheet_is_gone(story, keyed_in):
    (paper,) = add(story, keyed_in)
    destroy(story.cast.students.key.key)
    paper = SignedPaper.objects.select_related("file__key", "application").get()
    with pytest.raises(Unreadable):
        open_paper(story.actor("coordinator"), paper=paper)
