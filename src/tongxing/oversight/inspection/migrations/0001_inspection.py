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
            name="Inspection",
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
                ("month", models.DateField(verbose_name="month")),
                ("as_of", models.DateTimeField()),
                ("figures", models.JSONField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thanks",
                    models.TextField(blank=True, max_length=1000, verbose_name="What we say thank you for"),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-month"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "month"), name="inspection_once_a_month")
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
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
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="inspection.inspection",
                    ),
                ),
                ("client_id", models.UUIDField()),
                ("item", models.CharField(blank=True, max_length=40)),
                ("text", models.CharField(max_length=300, verbose_name="what is to be improved")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
                ("due_on", models.DateField(verbose_name="until")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "under way"),
                            ("done", "seen to, thank you"),
                            ("not_yet", "not yet, stays on the list"),
                            ("taken_back", "taken back"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=300, verbose_name="what shows it")),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True)),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="finding_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_on", None), ("outcome", "")),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="finding_checked_with_outcome",
                    ),
                ],
            },
        ),
    ]
