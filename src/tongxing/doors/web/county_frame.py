"""What the pages between a county and its schools share."""

from collections.abc import Callable
from typing import TypeVar

from django import forms

from tongxing.ground.kernel.errors import Refused

from .page import apply_refusal

Done = TypeVar("Done")


def done(form: forms.Form, act: Callable[..., Done]) -> Done | None:
    """What the action gives for what was typed; None while the form is new, incomplete or refused, and says why."""
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data)
    except Refused as refusal:
        apply_refusal(form, refusal)
        return None


def status(form: forms.Form) -> int:
    return 422 if form.errors else 200
