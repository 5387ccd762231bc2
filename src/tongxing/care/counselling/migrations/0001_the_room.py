import django.db.models.deletion
import tongxing.ground.kernel.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("people", "0001_initial"),
        ("safety", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningHours",
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
                ("client_id", models.UUIDField(editable=False, unique=True)),
                ("weekday", models.PositiveSmallIntegerField(verbose_name="weekday")),
                ("opens", models.TimeField(verbose_name="from")),
                ("closes", models.TimeField(verbose_name="until")),
                ("place", models.CharField(max_length=60, verbose_name="place")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "recorded_at",
                    tongxing.ground.kernel.fields.RecordedAtField(blank=True, editable=False, null=True),
                ),
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
                "ordering": ["weekday", "opens", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="counselling_hours_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes__gt", models.F("opens"))),
                        name="counselling_hours_close_later",
                        violation_error_message="The room closes before it opens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="counselling_hours_weekday_of_seven"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoomWords",
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
                ("promise", models.TextField(verbose_name="what stays between us")),
                ("exception", models.TextField(verbose_name="except danger to safety")),
                ("saved_at", models.DateTimeField()),
                (
                    "saved_by",
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
                    models.UniqueConstraint(fields=("school", "number"), name="counselling_words_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("promise", ""), _negated=True),
                            models.Q(("exception", ""), _negated=True),
                        ),
                        name="counselling_words_with_exception",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Series",
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
                    "counsellor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("every_weeks", models.PositiveSmallIntegerField()),
                ("first_at", models.DateTimeField()),
                ("until", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                ("ended_because", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("every_weeks__in", [1, 2])), name="counselling_series_rhythm"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="counselling_series_ends_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason_sealed", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("seen", "seen"),
                            ("contact", "the counsellor will contact you"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                (
                    "counsellor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("reply_sealed", models.BinaryField(blank=True, default=b"")),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="counselling_referral_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_at", None), ("state", "received")),
                            models.Q(
                                models.Q(("state", "received"), _negated=True),
                                ("counsellor__isnull", False),
                                ("seen_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="counselling_referral_seen_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
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
                (
                    "whom",
                    models.CharField(
                        choices=[("student", "the child"), ("guardian", "the family")],
                        default="student",
                        max_length=10,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("door", "asked for it"),
                            ("slip", "by a paper slip"),
                            ("referral", "a colleague was worried"),
                            ("counsellor", "agreed in person"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("wish_sealed", models.BinaryField(blank=True, default=b"")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("wished", "wished for"),
                            ("agreed", "agreed"),
                            ("took_place", "took place"),
                            ("did_not", "did not take place"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "counsellor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(blank=True, null=True)),
                ("minutes", models.PositiveSmallIntegerField(default=40)),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="place")),
                ("away", models.BooleanField(default=False)),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="meetings",
                        to="counselling.series",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="counselling.referral",
                    ),
                ),
                (
                    "called_off_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("child", "the child"),
                            ("family", "the family"),
                            ("counsellor", "the counsellor"),
                            ("school", "something at school came between"),
                        ],
                        max_length=12,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "settled_by",
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
                "indexes": [
                    models.Index(fields=["school", "state", "at"], name="counselling_day"),
                    models.Index(fields=["student", "at"], name="counselling_of_student"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "client_id"), name="counselling_appointment_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "agreed")),
                        fields=("counsellor", "at"),
                        name="counselling_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("at", None), ("state", "wished")),
                            ("state", "did_not"),
                            models.Q(
                                ("at__isnull", False),
                                ("counsellor__isnull", False),
                                ("state__in", ["agreed", "took_place"]),
                            ),
                            _connector="OR",
                        ),
                        name="counselling_agreed_with_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "did_not"), models.Q(("called_off_by", ""), _negated=True)),
                            models.Q(models.Q(("state", "did_not"), _negated=True), ("called_off_by", "")),
                            _connector="OR",
                        ),
                        name="counselling_called_off_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_at__lte", models.F("recorded_at"))),
                        name="counselling_not_asked_ahead",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GlassOpening",
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
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("reason_sealed", models.BinaryField()),
                ("reason_index", models.CharField(max_length=32)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "waits for a second look"),
                            ("needed", "it was needed"),
                            ("not_needed", "it would have gone without"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("review_sealed", models.BinaryField(blank=True, default=b"")),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="counselling_glass_once"),
                    models.UniqueConstraint(
                        fields=("student", "opened_by", "reason_index"),
                        name="counselling_glass_once_per_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by", None),
                            models.Q(("reviewed_by", models.F("opened_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="counselling_glass_reviewed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at", None), ("verdict", "")),
                            models.Q(
                                ("reviewed_at__isnull", False), models.Q(("verdict", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="counselling_glass_reviewed_with_word",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("opened_at"))),
                        name="counselling_glass_lasts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Explained",
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
                ("client_id", models.UUIDField(editable=False, unique=True)),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                (
                    "counsellor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                (
                    "how",
                    models.CharField(
                        choices=[("read_out", "read out"), ("read", "read by the child")], max_length=10
                    ),
                ),
                (
                    "understood",
                    models.CharField(
                        choices=[
                            ("own_words", "said it again in own words"),
                            ("yes", "says that it is clear"),
                            ("not_yet", "not yet clear"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="DualRole",
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
                    "counsellor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("roles", models.JSONField(default=list)),
                ("reason_sealed", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Note",
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
                (
                    "counsellor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="counselling.appointment",
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "flag",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="safety.riskflag",
                    ),
                ),
            ],
            options={
                "ordering": ["-happened_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="counselling_note_once"),
                    models.CheckConstraint(
                        condition=models.Q(("happened_at__lte", models.F("recorded_at"))),
                        name="counselling_note_not_ahead",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteVersion",
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
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="counselling.note",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("text_sealed", models.BinaryField()),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("note", "number"), name="counselling_note_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
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
                ("client_id", models.UUIDField(editable=False, unique=True)),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("with_outside", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("notes", models.ManyToManyField(related_name="+", to="counselling.note")),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("to")), _negated=True),
                        name="counselling_handed_to_another",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tool",
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
                ("client_id", models.UUIDField(editable=False, unique=True)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("levels", models.JSONField(default=list)),
                ("act_today", models.JSONField(default=list)),
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
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("school", "name"),
                        name="counselling_tool_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ToolResult",
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
                (
                    "counsellor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="counselling.tool"
                    ),
                ),
                ("level_sealed", models.BinaryField()),
                ("done_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.consent"
                    ),
                ),
                (
                    "flag",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="safety.riskflag",
                    ),
                ),
            ],
            options={
                "ordering": ["-done_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "client_id"), name="counselling_tool_result_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutsideReferral",
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
                (
                    "counsellor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("text_sealed", models.BinaryField()),
                ("urgent", models.BooleanField(default=False)),
                ("agreed_on", models.DateField(blank=True, null=True)),
                ("referred_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("follow_up_on", models.DateField()),
                ("reply_sealed", models.BinaryField(blank=True, default=b"")),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                ("after_sealed", models.BinaryField(blank=True, default=b"")),
                ("followed_up_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-referred_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="counselling_outside_once"),
                    models.CheckConstraint(
                        condition=models.Q(("urgent", True), ("agreed_on__isnull", False), _connector="OR"),
                        name="counselling_outside_agreed_or_urgent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("follow_up_on__gte", models.F("referred_on"))),
                        name="counselling_followed_up_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuardianTold",
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
                ("client_id", models.UUIDField(editable=False, unique=True)),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                (
                    "counsellor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="safety.riskflag"
                    ),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "why_not",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "told"),
                            ("danger", "the family may be the danger"),
                            ("not_reached", "nobody could be reached yet"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text_sealed", models.BinaryField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["recorded_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at__isnull", False), ("why_not", "")),
                            models.Q(models.Q(("why_not", ""), _negated=True), ("told_at", None)),
                            _connector="OR",
                        ),
                        name="counselling_told_or_why_not",
                    )
                ],
            },
        ),
    ]
