import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("contacts", "0001_initial"),
        ("files", "0001_initial"),
        ("kernel", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterBox",
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
                ("place", models.CharField(max_length=60, verbose_name="where it hangs")),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="opened at least every … school days"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="since")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("ended_reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="letter_box_dates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("school", "place"),
                        name="one_letter_box_in_a_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), models.Q(("ended_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="letter_box_ends_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every__gte", 1), ("every__lte", 15)), name="letter_box_is_opened"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BoxOpener",
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
                    "box",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="openers",
                        to="requests.letterbox",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="box_opener_dates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)), fields=("box",), name="one_opener_of_a_box"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BoxOpening",
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
                    "box",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="openings",
                        to="requests.letterbox",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="opened on")),
                ("slips", models.PositiveSmallIntegerField(verbose_name="how many slips")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
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
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-opened_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="box_opening_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenDoor",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.schoolclass",
                    ),
                ),
                ("seed", models.UUIDField(unique=True)),
                ("fingerprint", models.CharField(max_length=32, unique=True)),
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
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
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
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("school_class", None)),
                        fields=("school",),
                        name="one_open_door_of_a_school",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("school_class",),
                        name="one_open_door_of_a_class",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestRules",
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
                ("ways", models.JSONField(default=dict)),
                (
                    "urgent_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="urgent matters: days until the first answer"
                    ),
                ),
                (
                    "other_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="other matters: days until the first answer"
                    ),
                ),
                ("step_days", models.PositiveSmallIntegerField(verbose_name="days until each further step")),
            ],
        ),
        migrations.CreateModel(
            name="HelpRequest",
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
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.student",
                    ),
                ),
                (
                    "school_class",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.schoolclass",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.subjectkey"
                    ),
                ),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("student", "asked by the student"),
                            ("guardian", "asked by the family"),
                            ("teacher", "asked by a colleague for the child"),
                            ("slip", "from the letter box"),
                            ("square", "through the printed square"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "box",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="requests.letterbox",
                    ),
                ),
                ("topic", models.CharField(max_length=20)),
                ("urgent", models.BooleanField(default=False)),
                ("text_sealed", models.BinaryField(blank=True, default=b"")),
                ("asked_on", models.DateField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("to_helper", models.BooleanField(default=False)),
                ("to_class_teacher", models.BooleanField(default=False)),
                ("to_counsellor", models.BooleanField(default=False)),
                ("to_coordinator", models.BooleanField(default=False)),
                ("in_safety", models.BooleanField(default=False)),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waits for somebody"),
                            ("taken", "taken on"),
                            ("solved", "done, did it help?"),
                            ("done", "it helped"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("due_on", models.DateField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "helped",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not said yet"),
                            ("yes", "yes"),
                            ("little", "a little"),
                            ("not_yet", "not yet"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contacts.contact",
                    ),
                ),
                ("code_index", models.CharField(blank=True, max_length=32)),
                ("kept_from", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["school", "state", "due_on"], name="help_request_waiting")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="help_request_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("code_index", ""), _negated=True),
                        fields=("code_index",),
                        name="help_request_code_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("in_safety", True), ("holder__isnull", False), _connector="OR"),
                        name="help_request_is_somebodys",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            ("helped__in", ["yes", "little"]),
                            ("in_safety", True),
                            _connector="OR",
                        ),
                        name="help_request_ends_with_word",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["solved", "done"]), _negated=True),
                            ("solved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="help_request_solved_has_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestStep",
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="requests.helprequest",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asked", "asked for help"),
                            ("added", "more was written"),
                            ("taken", "taken on"),
                            ("tried", "tried"),
                            ("handed_on", "handed on"),
                            ("named", "found out who it is about"),
                            ("solved", "done, asked whether it helped"),
                            ("helped", "it helped"),
                            ("again", "not yet: open again"),
                            ("safety", "given to those who answer for safety"),
                            ("reported", "reported"),
                            ("not_reported", "no report, with the reason"),
                            ("released", "no danger: it goes the ordinary way"),
                            ("looked_after", "looked after"),
                        ],
                        max_length=15,
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
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("told", models.BooleanField(default=False)),
                ("text_sealed", models.BinaryField(blank=True, default=b"")),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="requests.helprequest",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
    ]
