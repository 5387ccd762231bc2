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
            name="RuleVersion",
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
                ("number", models.PositiveSmallIntegerField()),
                ("rules", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("school", "number"), name="screening_rules_are_numbered")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClassVisit",
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
                    "school_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.schoolclass"
                    ),
                ),
                ("visited_on", models.DateField()),
                ("asked", models.JSONField(default=list)),
                ("noticed", models.CharField(blank=True, max_length=600)),
                ("client_id", models.UUIDField(unique=True)),
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
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_because", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="ClassVisitor",
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
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visitors",
                        to="screening.classvisit",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "staff"), name="screening_visitor_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
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
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("rules", models.JSONField()),
                ("sources", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "being looked at"), ("approved", "approved")],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("ran_at", models.DateTimeField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("approved_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("term", "number"), name="screening_rounds_are_numbered"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="screening_rounds_count_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="screening_approved_round_has_its_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Nomination",
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
                    "source",
                    models.CharField(
                        choices=[
                            ("class_teacher", "class teacher"),
                            ("subject_teacher", "subject teacher"),
                            ("helper", "helper"),
                            ("counsellor", "counsellor"),
                            ("leader", "leading group"),
                            ("visit", "a visit to the class"),
                            ("student", "the student"),
                            ("fellow", "a fellow student"),
                            ("guardian", "guardian"),
                        ],
                        max_length=20,
                    ),
                ),
                ("said_by", models.CharField(blank=True, max_length=60)),
                ("said_on", models.DateField()),
                ("words", models.CharField(max_length=300)),
                ("level", models.CharField(default="normal", max_length=10)),
                ("client_id", models.UUIDField(unique=True)),
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
                (
                    "visit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="screening.classvisit",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nominations",
                        to="screening.round",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=200)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["school", "decided_at"], name="screening_nomination_open")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("decided_at", None), ("round", None)),
                            models.Q(("answer", ""), ("decided_at__isnull", False), ("round__isnull", False)),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("round", None),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="screening_nomination_open_taken_or_answered",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClassDone",
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="classes_done",
                        to="screening.round",
                    ),
                ),
                (
                    "school_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.schoolclass"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "school_class"), name="screening_class_done_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Looked",
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="looked",
                        to="screening.round",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("candidate", "to be decided"), ("cleared", "looked at")], max_length=10
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("rules", "found by the rules"), ("person", "named by a person")],
                        default="rules",
                        max_length=10,
                    ),
                ),
                ("looked_at", models.DateTimeField()),
                ("reasons", models.JSONField(default=list)),
                ("basis", models.JSONField(default=list)),
                ("level", models.CharField(blank=True, max_length=10)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "none needed"),
                            ("pending", "waiting"),
                            ("confirmed_normal", "normal support"),
                            ("confirmed_key", "key support"),
                            ("set_aside", "not now"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("weighed", models.JSONField(default=list)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["round", "outcome", "decision"], name="screening_looked_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "student"), name="screening_looked_once_per_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "candidate"), models.Q(("decision", ""), _negated=True)),
                            models.Q(("outcome", "cleared"), ("decision", "")),
                            _connector="OR",
                        ),
                        name="screening_candidates_have_a_decision",
                    ),
                ],
            },
        ),
    ]
