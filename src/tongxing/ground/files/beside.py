"""A file beside something of the school (slides, a photo of a board, a letter), sealed under a key of its own.

Invariants:
- each room has its own table of them, with the thing they stand beside; who may is asked by that room;
- a file that was taken away leaves the fact, the day and the person; its key is destroyed, so it is gone from every backup.
"""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.encryption import destroy, new_key
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.models import SubjectKey

from .actions import content_of, keep
from .models import StoredFile
from .rules import examine

LABEL = 40  # characters


class BesideSet(models.QuerySet):
    def standing(self) -> Self:
        return self.filter(file__isnull=False)


class Beside(models.Model):
    """`file` None: it was taken away."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    key = models.OneToOneField(SubjectKey, models.PROTECT, related_name="+")
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    label = models.CharField(gettext_lazy("what it is"), max_length=LABEL)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def there_or_taken_away(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(file__isnull=False, removed_by=None, removed_at=None)
        | Q(file=None, removed_by__isnull=False, removed_at__isnull=False),
        name=name,
    )


Row = TypeVar("Row", bound=Beside)


def put_beside(
    table: type[Row], user_id: int | None, *, label: str, content: bytes, most: int, **owner: Any
) -> Row:
    """`owner`: the school and the row it stands beside; the caller has asked who may and holds that row."""
    label = " ".join(label.split())[:LABEL]
    if not label:
        raise Refused(_("Please say what the file is, for example “slides”."), field="label")
    if table._default_manager.filter(file__isnull=False, **owner).count() >= most:
        raise Refused(_("It can hold up to %(n)d files.") % {"n": most}, field="file")
    kept, key = examine(content), new_key()
    key.save()
    return table._default_manager.create(
        key=key, file=keep(school=owner["school"], key=key, kept=kept), label=label,
        added_by_id=user_id, added_at=clock.now(), **owner,
    )  # fmt: skip


def opened(row: Beside) -> tuple[bytes, str]:
    """Content and type of one that stands."""
    assert row.file is not None  # the caller chose among those that stand
    return content_of(row.file), row.file.media_type


def taken_away(row: Beside, user_id: int | None) -> bool:
    """Gone for good, its key with it; False: it was gone already. The caller holds the row."""
    if row.file is None:
        return False
    file, row.file = row.file, None
    row.removed_by_id, row.removed_at = user_id, clock.now()
    row.save(update_fields=["file", "removed_by", "removed_at"])
    file.delete()
    destroy(row.key)
    return True
