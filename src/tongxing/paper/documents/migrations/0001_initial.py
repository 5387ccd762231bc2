import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="IssuedDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.term"
                    ),
                ),
                ("client_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("term_summary", "term summary")],
                        default="term_summary",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="document number")),
                ("language", models.CharField(max_length=10)),
                ("as_of", models.DateTimeField(verbose_name="records up to")),
                ("facts", models.JSONField()),
                ("file", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="issued")),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="document_issued_once")
                ],
            },
        ),
    ]
