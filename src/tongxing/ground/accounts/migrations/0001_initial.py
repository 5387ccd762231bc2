import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("county", "County bureau"), ("school", "School")], max_length=10
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("short_name", models.CharField(blank=True, max_length=20)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schools",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("primary", "Primary school"),
                            ("junior", "Junior secondary school"),
                            ("nine_year", "Nine-year school"),
                            ("teaching_point", "Teaching point"),
                            ("senior", "Senior secondary school"),
                            ("vocational", "Vocational school"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_demo", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "school"), models.Q(("parent", None), ("stage", "")), _connector="OR"
                        ),
                        name="county_stands_alone",
                        violation_error_message="A county bureau has no bureau above it and no school type.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "county"), models.Q(("stage", ""), _negated=True), _connector="OR"
                        ),
                        name="school_has_stage",
                        violation_error_message="Please say what type of school it is.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "login",
                    models.CharField(
                        error_messages={"unique": "This sign-in name is taken."},
                        max_length=60,
                        unique=True,
                        verbose_name="sign-in name",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("is_active", models.BooleanField(default=True)),
                ("language", models.CharField(blank=True, max_length=10)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("login", django.db.models.functions.text.Lower("login"))),
                        name="login_in_lower_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StartCode",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="start_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("fingerprint", models.CharField(max_length=32, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("used", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("user",),
                        name="one_start_code_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FailedSignIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("login", models.CharField(db_index=True, max_length=64)),
                ("address", models.CharField(max_length=32)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
