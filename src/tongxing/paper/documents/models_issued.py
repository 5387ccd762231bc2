"""Documents that were issued: the file as it went out, and the facts every figure in it was counted from.

Invariants:
- an issued document is never changed; a newer one is issued beside it;
- `file` is exactly what was handed out: `sha256` tells whether a file somebody holds is this one;
- `facts` keep, for every figure, definition, moment and the ids of the records behind it; no student's name.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Term
from tongxing.oversight.insight.term_facts import TermFacts, facts_from_json


class IssuedSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q("document.make"))


class IssuedDocument(models.Model):
    class Kind(models.TextChoices):
        TERM_SUMMARY = "term_summary", _("term summary")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.TERM_SUMMARY)
    number = models.CharField(_("document number"), max_length=40, blank=True)
    language = models.CharField(max_length=10)
    as_of = models.DateTimeField(_("records up to"))
    facts = models.JSONField()
    file = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("issued"))

    objects = IssuedSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "client_id"], name="document_issued_once")]
        ordering = ["-made_at", "-pk"]

    @property
    def told(self) -> TermFacts:
        """The facts as they were."""
        return facts_from_json(self.facts)
