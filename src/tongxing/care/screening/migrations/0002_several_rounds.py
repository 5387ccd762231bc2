"""Several numbered rounds in a term. Going back is possible while each term has one round only."""

import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce


def tell_when(apps, schema_editor):
    """By the rules: when the round was opened; in person: when it was written down."""
    Looked = apps.get_model("screening", "Looked")
    Round = apps.get_model("screening", "Round")
    opened = Subquery(Round.objects.filter(pk=OuterRef("round_id")).values("opened_at")[:1])
    Looked.objects.update(looked_at=opened)
    Looked.objects.filter(origin="person").update(looked_at=Coalesce(F("decided_at"), F("looked_at")))


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="round", name="screening_one_round_per_term"),
        migrations.AddField(
            model_name="round", name="number", field=models.PositiveSmallIntegerField(default=1)
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                fields=("term", "number"), name="screening_rounds_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="screening_rounds_count_from_one"
            ),
        ),
        migrations.AddField(
            model_name="looked",
            name="looked_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.RunPython(tell_when, migrations.RunPython.noop, elidable=True),
    ]
