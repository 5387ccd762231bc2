"""One thing written on a phone, as it arrives, and what became of it."""

import datetime
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.forms import Form
from django.http import QueryDict

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused

#: How long one may have lain on a phone.
LONGEST_WAIT = datetime.timedelta(days=400)

AnyForm = TypeVar("AnyForm", bound=Form)


class Unfilled(Refused):
    """A form that cannot be taken in as it is; `fields`: what is wrong, by the field's name."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("\n".join(fields.values()))
        self.fields = fields


class Item:
    """One thing written on a phone. Raises ValueError or KeyError when it is not one at all."""

    def __init__(self, sent: dict[str, Any], files: list[Any]) -> None:
        self.id = UUID(sent["id"])
        self.form = str(sent["form"])
        self.student_id = int(sent["student"])
        seconds = float(sent.get("waited", 0))
        believed = 0 <= seconds <= LONGEST_WAIT.total_seconds()  # else the phone's clock was set in between
        self.waited = datetime.timedelta(seconds=seconds if believed else 0)
        self.fields = QueryDict(mutable=True)
        for name, value in sent["fields"]:
            self.fields.appendlist(str(name), str(value))
        self.fields["client_id"] = str(self.id)
        self.files = files

    @property
    def moment(self) -> datetime.datetime:
        """When it was written."""
        return clock.now() - self.waited

    def number(self, name: str) -> int:
        """The row that a field of the form leads to. Raises ValueError."""
        return int(self.fields.get(name, ""))


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an item. `record`: the row it is now; `leads_to`: the page that its writer must see; `said` and
    `undo`: what the next page tells whoever looks on."""

    record: int
    status: int = 200
    leads_to: str = ""
    said: str = ""
    undo: str = ""


def valid(form: AnyForm) -> AnyForm:
    if not form.is_valid():
        raise Unfilled({name: " ".join(str(one) for one in said) for name, said in form.errors.items()})
    return form
