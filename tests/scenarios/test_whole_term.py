"""A whole term of 和风镇中心初中: from the first spreadsheet to the summary, each step with a refusal beside it.

The days are those of autumn 2026; teaching week 1 begins on Monday 7 September.
"""

import pytest

from tongxing.ground.kernel import audit

from . import whole_term_autumn as autumn
from . import whole_term_winter as winter
from .story import Story


@pytest.mark.django_db
def test_a_whole_term_from_the_first_import_to_the_summary(story: Story):
    autumn.the_school_is_founded(story)
    autumn.its_people_come_out_of_spreadsheets(story)
    autumn.colleagues_get_their_roles_and_their_slips(story)
    autumn.every_child_is_looked_at(story)
    autumn.each_registered_child_gets_a_helper(story)
    autumn.weeks_pass_and_talks_are_written_down(story)
    autumn.a_family_would_rather_not_be_visited(story)
    autumn.a_record_is_corrected(story)
    winter.a_child_joins_in_week_9(story)
    winter.a_helper_leaves(story)
    winter.a_second_round_sees_grades_alone(story)
    winter.danger_in_a_talk_finds_somebody_the_same_day(story)
    winter.november_is_inspected(story)
    winter.the_term_ends_with_its_summary(story)
    assert audit.verify().intact
