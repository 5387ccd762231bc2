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
            name="RiskFlag",
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
                ("client_id", models.UUIDField()),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                ("categories", models.JSONField(default=list)),
                ("source_kind", models.CharField(blank=True, max_length=20)),
                ("source_id", models.BigIntegerField(blank=True, null=True)),
                ("raised_at", models.DateTimeField()),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("said_sealed", models.BinaryField(blank=True, default=b"")),
                ("level", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "waits for somebody"),
                            ("taken", "taken on"),
                            ("closed", "waits for a second look"),
                            ("done", "done"),
                        ],
                        default="raised",
                        max_length=10,
                    ),
                ),
                (
                    "responder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "open"),
                            ("safe", "the child is safe"),
                            ("handed_over", "reported, the authorities have taken over"),
                            ("false_alarm", "it was not meant so"),
                        ],
                        max_length=12,
                        verbose_name="how it ended",
                    ),
                ),
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
                ("kept_from", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["school", "state"], name="risk_flag_state"),
                    models.Index(fields=["source_kind", "source_id"], name="risk_flag_source"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="risk_flag_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("state__in", ["raised", "taken"])),
                            models.Q(
                                ("state__in", ["closed", "done"]), models.Q(("outcome", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="risk_flag_ends_with_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FlagStep",
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
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="safety.riskflag",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("raised", "raised"),
                            ("added", "more was written"),
                            ("asked", "asked the next in line"),
                            ("taken", "taken on"),
                            ("let_go", "who looked after it answers no longer"),
                            ("measure", "done"),
                            ("opened", "read the record"),
                            ("closed", "closed"),
                            ("sent_back", "taken up again"),
                            ("signed", "looked at again"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("text_sealed", models.BinaryField(blank=True, default=b"")),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SafetyWords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "school",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                ("duty", models.TextField(verbose_name="what the law asks of us")),
                ("lines", models.TextField(verbose_name="help lines, one a line")),
            ],
        ),
    ]
