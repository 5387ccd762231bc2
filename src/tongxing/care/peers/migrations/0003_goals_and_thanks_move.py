"""Goals and thanks written so far become rows of their own; their sealed words are taken over as they are."""

import uuid

from django.db import migrations


def move(apps, schema_editor):
    together = apps.get_model("peers", "Together")
    goals, thanks = apps.get_model("peers", "SharedGoal"), apps.get_model("peers", "SharedThanks")
    for row in together.objects.all():
        if row.goal_sealed:
            reached = row.ends_on if row.ended_reason == "goal" else None
            goals.objects.create(
                school_id=row.school_id,
                together=row,
                words_sealed=row.goal_sealed,
                set_on=row.starts_on or row.accepted_at.date(),
                set_by_id=row.accepted_by_id,
                recorded_at=row.accepted_at,
                reached_on=reached,
                ended_at=row.ended_at if reached else None,
                ended_by_id=row.ended_by_id if reached else None,
            )
        if row.thanks_sealed:
            thanks.objects.create(
                school_id=row.school_id,
                together=row,
                words_sealed=row.thanks_sealed,
                said_on=row.ends_on,
                said_by_id=row.ended_by_id,
                recorded_at=row.ended_at,
                client_id=uuid.uuid4(),
            )


class Migration(migrations.Migration):
    dependencies = [("peers", "0002_shared")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop, elidable=True)]
