"""One first helper per student: of several open pairs the latest stays the first, as duties counted it so far."""

from django.db import migrations, models


def one_first_helper(apps, schema_editor):
    pairs = apps.get_model("pairing", "Pair").objects.filter(ends_on=None)
    first = {}
    for pair in pairs.order_by("starts_on", "helper_id"):
        first[pair.student_id] = pair.pk
    pairs.exclude(pk__in=first.values()).update(role="also")


class Migration(migrations.Migration):
    dependencies = [("pairing", "0002_pins_wishes_roles")]

    operations = [
        migrations.RunPython(one_first_helper, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="pair",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None), ("role", "first")),
                fields=("student",),
                name="one_open_first_helper",
            ),
        ),
    ]
