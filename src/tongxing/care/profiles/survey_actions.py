"""Defining interview and survey forms, and writing down what was answered.

Who defines: whoever leads the work (`survey.manage`). Who fills in: whoever writes records about the child. Where the
child or the family is asked, the family has agreed to interviews and surveys first.
"""

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Student

from . import survey_rules
from .models import Survey, SurveyAnswers, SurveyVersion, Topic
from .models_surveys import ANSWERS
from .ready_surveys import READY

DEFINE = "survey.manage"
FILL_IN = "contact.write"
PURPOSE = "survey"


@transaction.atomic
def define_survey(
    actor: Actor,
    *,
    school: Organisation,
    asked: str,
    title: str,
    topics: Sequence[Topic],
    client_id: uuid.UUID,
    ready: str = "",
) -> Survey:
    """A new form, as version 1."""
    actor.require(DEFINE, school_id=school.pk)
    if asked not in Survey.Asked:
        raise Refused(_("Please choose who answers."), field="asked")
    topics = survey_rules.coded(topics)
    survey_rules.check_form(title, topics)
    return once(
        lambda: Survey.objects.filter(client_id=client_id, school=school).first(),
        lambda: _defined(actor, school, asked, title, topics, client_id, ready),
    )


def _defined(
    actor: Actor,
    school: Organisation,
    asked: str,
    title: str,
    topics: Sequence[Topic],
    client_id: uuid.UUID,
    ready: str,
) -> Survey:
    facts = {"asked": asked, "ready": ready, "made_at": clock.now(), "made_by_id": actor.user_id}
    survey = Survey.objects.create(school=school, client_id=client_id, **facts)
    _version(actor, survey, 1, title, topics)
    _log(actor, "survey.define", survey)
    return survey


@transaction.atomic
def take_ready(actor: Actor, *, school: Organisation, code: str) -> Survey:
    """One of the forms that come with the product; taken twice it is the same form."""
    actor.require(DEFINE, school_id=school.pk)
    ready = READY.get(code)
    if ready is None:
        raise Refused(_("There is no such form."))
    Organisation.objects.select_for_update(no_key=True).get(pk=school.pk)  # one after the other
    if there := Survey.objects.running().filter(school=school, ready=code).first():
        return there
    return define_survey(
        actor,
        school=school,
        asked=ready.asked,
        title=ready.title,
        topics=ready.topics,
        client_id=uuid.uuid4(),
        ready=code,
    )


@transaction.atomic
def change_survey(
    actor: Actor, *, survey: Survey, after: int, title: str, topics: Sequence[Topic]
) -> SurveyVersion:
    """A new version; what was answered stays with the wording it was asked in. `after`: the version one has read."""
    survey = _held(actor, survey)
    topics = survey_rules.coded(topics)
    survey_rules.check_form(title, topics)
    last = survey.versions.latest("number")
    if (last.title, last.questions) == (title.strip(), tuple(topics)):
        return last
    if last.number != after:
        raise Refused(_("This form was changed in the meantime. Please look at it once more."))
    version = _version(actor, survey, last.number + 1, title, topics)
    _log(actor, "survey.change", survey)
    return version


@transaction.atomic
def end_survey(actor: Actor, *, survey: Survey, runs: bool = False) -> None:
    """Nobody fills it in any more; what was answered stays. `runs`: the way back."""
    survey = _held(actor, survey)
    if runs == (survey.ended_on is None):
        return  # a second tap
    others = Survey.objects.running().filter(school_id=survey.school_id, ready=survey.ready)
    if runs and survey.ready and others.exists():
        raise Refused(_("This form is in use again already."))
    survey.ended_on = None if runs else clock.today()
    survey.ended_by_id = None if runs else actor.user_id
    survey.save(update_fields=["ended_on", "ended_by"])
    _log(actor, "survey.resume" if runs else "survey.end", survey)


@transaction.atomic
def fill_in(
    actor: Actor,
    *,
    student: Student,
    version: SurveyVersion,
    said: Mapping[str, str],
    asked_on: datetime.date,
    client_id: uuid.UUID,
    from_paper: bool = False,
) -> SurveyAnswers:
    """Write down the answers of one child; `said` by the topics' codes, open topics stay open.

    Refused: a form that is not in use, a day to come, nothing answered, a family that has not agreed.
    """
    ids = {"school_id": student.school_id, "student_id": student.pk}
    actor.require(FILL_IN, **ids)
    if not actor.sees("care", **ids) or version.school_id != student.school_id:
        raise NotAllowed(FILL_IN)
    if version.survey.ended_on is not None:
        raise Refused(_("This form is not in use any more."))
    if version.survey.needs_consent and not with_consent([student.pk], PURPOSE):
        raise Refused(_("This family has not agreed to interviews and surveys yet."), field="consent")
    if asked_on > clock.today():
        raise Refused(_("This day has not come yet."), field="asked_on")
    said = survey_rules.check_answers(version.questions, said)
    return once(
        lambda: SurveyAnswers.objects.filter(client_id=client_id, student=student).first(),
        lambda: _filled(actor, student, version, said, asked_on, client_id, from_paper),
    )


def _filled(
    actor: Actor,
    student: Student,
    version: SurveyVersion,
    said: Mapping[str, str],
    asked_on: datetime.date,
    client_id: uuid.UUID,
    from_paper: bool,
) -> SurveyAnswers:
    answers = SurveyAnswers.objects.create(
        school_id=student.school_id,
        student=student,
        version=version,
        asked_on=asked_on,
        from_paper=from_paper,
        answers_sealed=seal(student.key, json.dumps(dict(said), ensure_ascii=False), ANSWERS),
        recorded_by_id=actor.user_id,
        client_id=client_id,
    )
    _log_answers(actor, "survey.fill-in", answers)
    look_for_danger(actor, student=student, text="\n".join(said.values()))
    return answers


@transaction.atomic
def take_back(actor: Actor, *, answers: SurveyAnswers, reason: str = "") -> None:
    """They count no longer; that they were there stays. One's own of a moment ago need no reason."""
    ids = {"school_id": answers.school_id, "student_id": answers.student_id}
    actor.require(FILL_IN, **ids)
    if not actor.sees("care", **ids):
        raise NotAllowed(FILL_IN)
    answers = SurveyAnswers.objects.select_for_update(of=("self",)).get(pk=answers.pk)
    own = answers.recorded_by_id == actor.user_id
    if not own:
        actor.require("contact.manage", **ids)
    if answers.taken_back_at is not None:
        return  # a second tap
    fresh = own and answers.recorded_at is not None and is_recent(answers.recorded_at)
    reason = " ".join(reason.split()) or (_("Noted by mistake") if fresh else "")
    if not reason:
        raise Refused(_("Please say why the record is withdrawn."), field="reason")
    answers.taken_back_at, answers.taken_back_by_id = clock.now(), actor.user_id
    answers.taken_back_because = reason[:200]
    answers.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_because"])
    _log_answers(actor, "survey.take-back", answers)


def _held(actor: Actor, survey: Survey) -> Survey:
    actor.require(DEFINE, school_id=survey.school_id)
    return Survey.objects.select_for_update().get(pk=survey.pk)


def _version(actor: Actor, survey: Survey, number: int, title: str, topics: Sequence[Topic]) -> SurveyVersion:
    return SurveyVersion.objects.create(
        school_id=survey.school_id,
        survey=survey,
        number=number,
        title=title.strip(),
        topics=[topic.as_json() for topic in topics],
        at=clock.now(),
        by_id=actor.user_id,
    )


def _log(actor: Actor, action: str, survey: Survey) -> None:
    audit.record(actor, action, school_id=survey.school_id, subject=("survey", survey.pk))


def _log_answers(actor: Actor, action: str, answers: SurveyAnswers) -> None:
    audit.record(
        actor,
        action,
        school_id=answers.school_id,
        subject=("student", answers.student_id),
        detail={"answers": answers.pk, "version": answers.version_id},
    )
