"""Tables that know nobody: students' keys and the audit chain."""

from django.db import models


class SubjectKey(models.Model):
    """One student's key, wrapped. `wrapped` None: destroyed, everything sealed under it is gone for good."""

    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)


class AuditEntry(models.Model):
    """One write or sensitive read. Rows are chained: `mac` is keyed and covers the row and the mac before it.

    Ids are kept as values, never as foreign keys, so that erasing a person leaves the chain whole.
    """

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    user_id = models.BigIntegerField(null=True)
    school_id = models.BigIntegerField(null=True, db_index=True)
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    mac = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id"], name="audit_subject")]


class AuditHead(models.Model):
    """The chain's end. Its row is locked while an entry is added, so that two writers never fork the chain.

    Its own mac covers the count, so that entries cut off at the end are missed.
    """

    entries = models.BigIntegerField(default=0)
    mac = models.CharField(max_length=64, default="")
    seal = models.CharField(max_length=64, default="")
