import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("contacts", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FamilyMessage",
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
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.guardian"
                    ),
                ),
                ("from_family", models.BooleanField()),
                ("text_sealed", models.BinaryField()),
                ("wished_on", models.DateField(blank=True, null=True)),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.UUIDField(editable=False, unique=True)),
            ],
            options={
                "indexes": [models.Index(fields=["student", "guardian", "written_at"], name="family_thread")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("wished_on", None), ("from_family", True), _connector="OR"),
                        name="family_wishes_the_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
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
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("school", "the school"),
                            ("family", "the family"),
                            ("child", "the child"),
                            ("together", "together"),
                        ],
                        max_length=10,
                        verbose_name="who does it",
                    ),
                ),
                ("text_sealed", models.BinaryField()),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("kept", "done"), ("let_go", "let go")], max_length=10
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("let_go_sealed", models.BinaryField(blank=True, default=b"")),
                ("client_id", models.UUIDField(editable=False, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="agreement_ended_somehow",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "let_go"), _negated=True),
                            models.Q(("let_go_sealed", b""), _negated=True),
                            _connector="OR",
                        ),
                        name="agreement_let_go_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataRequest",
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
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("see", "Know more about what is stored"),
                            ("correct", "Something is not right"),
                            ("delete", "Delete something"),
                        ],
                        max_length=10,
                        verbose_name="what you ask for",
                    ),
                ),
                ("asked_sealed", models.BinaryField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("done", "done"), ("partly", "done in part"), ("refused", "not possible")],
                        max_length=10,
                    ),
                ),
                ("answer_sealed", models.BinaryField(blank=True, default=b"")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.UUIDField(editable=False, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("outcome", "")),
                            models.Q(
                                ("answered_at__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                                models.Q(("answer_sealed", b""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="data_request_answered_in_writing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnGoal",
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
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                ("words_sealed", models.BinaryField()),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reached", models.BooleanField(default=False)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contacts.contact",
                    ),
                ),
                ("client_id", models.UUIDField(editable=False, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reached", False), ("ended_at__isnull", False), _connector="OR"),
                        name="own_goal_reached_on_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentWord",
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
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.guardian"
                    ),
                ),
                ("purpose", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("agreed", models.BooleanField(blank=True, null=True)),
                ("taken_back", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("student", "purpose"),
                        name="one_consent_waits",
                    )
                ],
            },
        ),
    ]
