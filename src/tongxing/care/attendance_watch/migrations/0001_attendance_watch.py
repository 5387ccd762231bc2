import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("kernel", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Thresholds",
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
                ("starts_on", models.DateField(verbose_name="since")),
                ("opens", models.TimeField(default=datetime.time(8, 0), verbose_name="school begins")),
                ("closes", models.TimeField(default=datetime.time(17, 0), verbose_name="school ends")),
                ("ask_after_hours", models.PositiveSmallIntegerField(default=2)),
                ("days_in_a_row", models.PositiveSmallIntegerField(default=3)),
                ("share_percent", models.PositiveSmallIntegerField(default=25)),
                ("window_days", models.PositiveSmallIntegerField(default=20)),
                ("amber_percent", models.PositiveSmallIntegerField(default=5)),
                ("red_percent", models.PositiveSmallIntegerField(default=10)),
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
            ],
            options={
                "ordering": ["starts_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "starts_on"), name="thresholds_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("amber_percent__lt", models.F("red_percent"))),
                        name="thresholds_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opens__lt", models.F("closes"))), name="school_hours"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RollCall",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.schoolclass"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("taken_at", models.DateTimeField()),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("school_class", "day"), name="roll_call_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="people.student",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unknown", "nobody knows yet where"),
                            ("leave", "on leave"),
                            ("ill", "ill"),
                            ("no_leave", "found, but without leave"),
                            ("late", "came later"),
                            ("mistake", "was there: noted by mistake"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="what is known",
                    ),
                ),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("back_on", models.DateField(blank=True, null=True, verbose_name="back on")),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(blank=True, null=True, verbose_name="next try")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["school", "day"], name="absence_school_day"),
                    models.Index(fields=["school", "reason"], name="absence_school_reason"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("student", "day"), name="absence_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="AbsenceStep",
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
                    "absence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="attendance_watch.absence",
                    ),
                ),
                ("client_id", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("noted", "not there"),
                            ("told", "somebody told why"),
                            ("tried", "called, nobody reached"),
                            ("reached", "reached the family"),
                            ("going", "two colleagues go there"),
                            ("asked", "coordinator and head asked"),
                            ("came", "came to school"),
                            ("mistake", "was there after all"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unknown", "nobody knows yet where"),
                            ("leave", "on leave"),
                            ("ill", "ill"),
                            ("no_leave", "found, but without leave"),
                            ("late", "came later"),
                            ("mistake", "was there: noted by mistake"),
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
                (
                    "guardian",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.guardian",
                    ),
                ),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("text_sealed", models.BinaryField(blank=True, default=b"")),
                ("goers", models.ManyToManyField(related_name="+", to="people.staff")),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Break",
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
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                (
                    "season",
                    models.CharField(
                        choices=[
                            ("winter", "Winter break"),
                            ("summer", "Summer break"),
                            ("holiday", "Holiday"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["starts_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "starts_on"), name="break_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="break_dates"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
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
                    "recess",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lessons",
                        to="attendance_watch.break",
                    ),
                ),
                (
                    "school_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.schoolclass"
                    ),
                ),
                ("held_on", models.DateField(verbose_name="held on")),
                ("topics", models.JSONField(default=list)),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("recess", "school_class"), name="safety_lesson_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MissedLesson",
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
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="missed",
                        to="attendance_watch.lesson",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                ("caught_up_on", models.DateField(blank=True, null=True)),
                (
                    "caught_up_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("lesson", "student"), name="missed_lesson_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CallSwap",
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
                    "recess",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="swaps",
                        to="attendance_watch.break",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                ("week", models.PositiveSmallIntegerField()),
                (
                    "caller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.staff",
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
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReturnCase",
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
                ("client_id", models.UUIDField(editable=False, unique=True)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("row", "several days in a row without leave"),
                            ("share", "many days without leave"),
                            ("hand", "a colleague was worried"),
                            ("left", "left, and nobody knows where to"),
                        ],
                        max_length=6,
                        verbose_name="where it came from",
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suspected", "to be looked into"),
                            ("checked", "looked into"),
                            ("bringing", "being brought back to school"),
                            ("closed", "waits for a second look"),
                            ("done", "rests"),
                        ],
                        default="suspected",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
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
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "under way"),
                            ("back", "back at school"),
                            ("transferred", "goes to another school, confirmed there"),
                            ("ill", "ill, with a doctor’s paper"),
                            ("not_so", "was never away from school"),
                            ("other", "another lawful reason"),
                        ],
                        max_length=12,
                        verbose_name="how it ended",
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("to_school", models.CharField(blank=True, max_length=80, verbose_name="the other school")),
                ("confirmed_on", models.DateField(blank=True, null=True, verbose_name="confirmed there on")),
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
                ("next_on", models.DateField(blank=True, null=True, verbose_name="next step on")),
            ],
            options={
                "indexes": [models.Index(fields=["school", "state"], name="return_case_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "done"), _negated=True),
                        fields=("student",),
                        name="one_open_return_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("state__in", ["suspected", "checked", "bringing"])),
                            models.Q(
                                ("ended_on__isnull", False),
                                ("state__in", ["closed", "done"]),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="return_case_ends_with_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "transferred"), ("state", "done"), _negated=True),
                            ("confirmed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="return_case_transfer_confirmed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseStep",
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="attendance_watch.returncase",
                    ),
                ),
                ("client_id", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "first noticed"),
                            ("checked", "looked into it"),
                            ("call", "talked with the family"),
                            ("visit", "visited the family in twos"),
                            ("closed", "closed"),
                            ("signed", "looked at by a second person"),
                            ("again", "taken up again"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suspected", "to be looked into"),
                            ("checked", "looked into"),
                            ("bringing", "being brought back to school"),
                            ("closed", "waits for a second look"),
                            ("done", "rests"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
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
                ("next_on", models.DateField(blank=True, null=True)),
                ("found_sealed", models.BinaryField(blank=True, default=b"")),
                ("agreed_sealed", models.BinaryField(blank=True, default=b"")),
                ("people", models.ManyToManyField(related_name="+", to="people.staff")),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MonthTable",
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
                ("month", models.DateField(verbose_name="month")),
                ("as_of", models.DateTimeField()),
                ("figures", models.JSONField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-month"],
                "constraints": [models.UniqueConstraint(fields=("school", "month"), name="month_table_once")],
            },
        ),
        migrations.CreateModel(
            name="LeavingReview",
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
                ("client_id", models.UUIDField(editable=False, unique=True)),
                ("helped_sealed", models.BinaryField()),
                ("next_sealed", models.BinaryField(blank=True, default=b"")),
                (
                    "with_child",
                    models.BooleanField(default=False, verbose_name="talked through with the child"),
                ),
                (
                    "with_family",
                    models.BooleanField(default=False, verbose_name="talked through with the family"),
                ),
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
            ],
        ),
        migrations.CreateModel(
            name="Departure",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="departures",
                        to="people.student",
                    ),
                ),
                ("client_id", models.UUIDField(editable=False, unique=True)),
                ("left_on", models.DateField(verbose_name="last day")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transfer", "to another school"),
                            ("graduated", "graduated"),
                            ("abroad", "moved abroad"),
                            ("other", "elsewhere, lawfully"),
                        ],
                        max_length=10,
                        verbose_name="where to",
                    ),
                ),
                ("to_school", models.CharField(blank=True, max_length=80, verbose_name="the other school")),
                ("confirmed_on", models.DateField(blank=True, null=True, verbose_name="confirmed there on")),
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "transfer"), _negated=True),
                            models.Q(("to_school", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="transfer_names_school",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferFile",
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
                ("client_id", models.UUIDField(editable=False, unique=True)),
                ("parts", models.JSONField(default=list)),
                ("version", models.PositiveSmallIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceivedFile",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.student",
                    ),
                ),
                (
                    "key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.subjectkey"
                    ),
                ),
                ("content_sealed", models.BinaryField()),
                ("version", models.PositiveSmallIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("attached_at", models.DateTimeField(blank=True, null=True)),
                (
                    "attached_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("let_go_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("student", None), ("let_go_at", None), _connector="OR"),
                        name="received_kept_or_let_go",
                    )
                ],
            },
        ),
    ]
