"""Whose schemes, proposals and questions the pictures of the demo school show."""

from tools.screens_aid import Values, keys, newest

from tongxing.oversight.recognition.models import Asked, Commendation, Scheme

HONOURS: dict[str, Values] = {
    "scheme_id": lambda: keys(Scheme.objects.filter(published_at__isnull=False).order_by("pk")),
    "commendation_id": newest(Commendation),
    "question_id": newest(Asked),
}
