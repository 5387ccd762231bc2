"""The real school's files, where they lie beside the repository. They are no part of it."""

import time
from pathlib import Path

import pytest

from tongxing.ground.kernel.actor import SYSTEM
from tongxing.paper.exchange.pipeline import found_school, load_profile, take_folder

ROOT = Path(__file__).resolve().parents[5]
FOLDER = ROOT.parent / "shared" / "data" / "real-school"
PROFILE = ROOT / "examples" / "profiles" / "competition-school.toml"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the real school's files are not beside the repository"
)


def test_the_real_school_is_taken_over_completely_and_only_once(db):
    profile = load_profile(PROFILE)
    school = found_school(SYSTEM, profile)
    begun = time.process_time()
    taken = take_folder(SYSTEM, school=school, folder=FOLDER, profile=profile)
    assert time.process_time() - begun < 15  # seconds of this machine, however busy it is with other tests
    assert (taken.students, taken.enrolled, taken.classes, taken.unassigned) == (1765, 1740, 43, 5)
    assert (taken.staff, taken.teaching) == (189, 130)
    assert (taken.events, taken.scores) == (23_630, 9055)
    assert taken.events_kept + taken.events_repeated + taken.events_of_nobody == taken.events
    assert taken.not_read == ("4_kaoqintype.csv", "6_exam_type.csv")
    again = take_folder(SYSTEM, school=school, folder=FOLDER, profile=profile)
    assert [(one.new, one.changed) for one in again.counts] == [(0, 0)] * len(again.counts)
