"""Files kept with a record: sealed in the database, reached only through the record that owns them.

Invariants:
- the content is sealed under the key of the student it is about, or under one of its own where it shows several;
  destroying that key makes it unreadable for good;
- no name is kept: a photo's file name often tells more than the photo;
- there is no list of files and no way to one: whoever asks comes from a record they may read.
"""

from django.db import models

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.models import SubjectKey


class StoredFile(models.Model):
    """`fingerprint` is keyed: it finds the same file again and tells nothing about it. `size` in bytes."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    key = models.ForeignKey(SubjectKey, models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=32)
    sealed = models.BinaryField()
    stored_at = models.DateTimeField()

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")
