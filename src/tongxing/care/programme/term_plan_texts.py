"""Sealing and opening what people wrote in a plan: the one place that knows how."""

import json

from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.kernel.models import SubjectKey

from .models_term_plan import (
    BODY,
    MEASURE,
    NOTE,
    REASON,
    REVIEW,
    WHY_ENDED,
    PlanMeasure,
    PlanReview,
    PlanVersion,
    TermPlan,
)
from .term_plan_rules import Measure, PlanText


def sealed_json(key: SubjectKey, body: dict[str, str], where: str) -> bytes:
    return seal(key, json.dumps(body, ensure_ascii=False), where)


def _opened(key: SubjectKey, sealed: bytes | memoryview, where: str) -> dict[str, str]:
    text = unseal(key, sealed, where)
    return json.loads(text) if text else {}


def text_of(key: SubjectKey, version: PlanVersion) -> PlanText:
    return PlanText.from_json(_opened(key, version.body_sealed, BODY))


def reason_of(key: SubjectKey, version: PlanVersion) -> str:
    return unseal(key, version.reason_sealed, REASON)


def note_of(key: SubjectKey, version: PlanVersion) -> str:
    return unseal(key, version.note_sealed, NOTE)


def why_ended(key: SubjectKey, plan: TermPlan) -> str:
    return unseal(key, plan.ended_reason_sealed, WHY_ENDED)


def review_of(key: SubjectKey, review: PlanReview) -> dict[str, str]:
    return _opened(key, review.body_sealed, REVIEW)


def measure_of(key: SubjectKey, one: PlanMeasure) -> Measure:
    body = _opened(key, one.body_sealed, MEASURE)
    return Measure(
        one.key,
        body.get("what", ""),
        one.by,
        one.person_id,
        one.every,
        one.n,
        body.get("often", ""),
        one.promise,
        one.record_as,
        one.starts_on,
        one.until,
    )


def measures_of(key: SubjectKey, version: PlanVersion) -> tuple[Measure, ...]:
    return tuple(measure_of(key, one) for one in version.measures.all())
