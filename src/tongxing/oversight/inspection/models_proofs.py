"""Files that show what was done about a finding: a photo of a board, a scanned page. Reached through the finding."""

from typing import Self

from django.db import models

from tongxing.ground.files.beside import Beside, BesideSet, there_or_taken_away
from tongxing.ground.kernel.actor import Actor

from .models_inspection import Finding


class ProofSet(BesideSet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(finding__in=Finding.objects.visible_to(actor))


class Proof(Beside):
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="files")

    objects = ProofSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [there_or_taken_away("proof_there_or_taken_away")]
