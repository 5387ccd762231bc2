"""What a field of a form offers, known only once the form is made: the choices of a choice field, the rows of a model field."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet


def offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """These values, each with its words."""
    _choice_field(form, name).choices = list(choices)


def offered(form: forms.Form, name: str) -> list[Any]:
    choices: Any = _choice_field(form, name).choices  # here always what `offer` or the form's class gave
    return list(choices)


def offer_rows(
    form: forms.Form, name: str, rows: QuerySet[Any], called: Callable[[Any], str] | None = None
) -> forms.ModelChoiceField:
    """These rows; `called`: how the form names one, where its own name does not say it."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} offers no rows")
    field.queryset = rows
    if called is not None:
        field.label_from_instance = called  # type: ignore[method-assign,assignment]  # Django's own way to name a row
    return field


def _choice_field(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices")
    return field
