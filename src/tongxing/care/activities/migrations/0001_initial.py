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
            name="Offer",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("art", "Art group"),
                            ("club", "Club"),
                            ("tutoring", "Tutoring"),
                            ("seat", "Seats"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("about", models.CharField(blank=True, max_length=200, verbose_name="what one does there")),
                ("likes", models.CharField(blank=True, max_length=120, verbose_name="for whoever likes")),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="weekday")),
                ("starts_at", models.TimeField(blank=True, null=True, verbose_name="time")),
                ("room", models.CharField(blank=True, max_length=40, verbose_name="room")),
                ("places", models.PositiveSmallIntegerField(verbose_name="places")),
                ("grades", models.JSONField(default=list)),
                ("wishes_until", models.DateField(verbose_name="wishes until")),
                ("seed", models.CharField(editable=False, max_length=32)),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.UUIDField(editable=False, unique=True)),
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
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_because", models.CharField(blank=True, max_length=200, verbose_name="reason")),
            ],
            options={
                "ordering": ["kind", "name", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("places__gte", 1)), name="offer_has_places"),
                    models.CheckConstraint(
                        condition=models.Q(("weekday", None), ("weekday__lte", 6), _connector="OR"),
                        name="offer_weekday",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            models.Q(("ended_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="offer_ends_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("term", "name"),
                        name="offer_name_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignUp",
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
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_ups",
                        to="activities.offer",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ups",
                        to="people.student",
                    ),
                ),
                ("wished_at", models.DateTimeField()),
                (
                    "wished_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("placed_at", models.DateTimeField(blank=True, null=True)),
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
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wish", "would rather do something else"),
                            ("time", "the time does not fit"),
                            ("left", "left the class or the school"),
                            ("mistake", "was entered by mistake"),
                            ("ended", "the offer has ended"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("offer", "student"),
                        name="one_open_sign_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(("ended_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sign_up_ends_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("placed_at", None), ("placed_at__gte", models.F("wished_at")), _connector="OR"
                        ),
                        name="placed_after_wish",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceReason",
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
                    "sign_up",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="activities.signup"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Event",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("meeting", "Meeting"),
                            ("rehearsal", "Rehearsal"),
                            ("performance", "Performance"),
                            ("competition", "Competition"),
                            ("thanks", "Saying thanks"),
                            ("service", "Service"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="activities.offer",
                    ),
                ),
                (
                    "school_class",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.schoolclass",
                    ),
                ),
                ("title", models.CharField(max_length=60)),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("letter", "a letter home"),
                            ("call", "a call home"),
                            ("performance", "something performed"),
                        ],
                        max_length=12,
                        verbose_name="how",
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("starts_at", models.TimeField(blank=True, null=True, verbose_name="time")),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="place")),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
                ("leaves_school", models.BooleanField(default=False, verbose_name="leaves the school")),
                ("programme", models.TextField(blank=True, verbose_name="programme")),
                ("process", models.TextField(blank=True, verbose_name="how it went")),
                ("effect", models.TextField(blank=True, verbose_name="what it brought")),
                (
                    "photo_note",
                    models.CharField(blank=True, max_length=200, verbose_name="what the photos show"),
                ),
                ("result", models.CharField(blank=True, max_length=60, verbose_name="result")),
                ("prize", models.CharField(blank=True, max_length=60, verbose_name="prize")),
                ("client_id", models.UUIDField(editable=False, unique=True)),
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
                ("ticked_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("cancelled_because", models.CharField(blank=True, max_length=200, verbose_name="reason")),
            ],
            options={
                "ordering": ["on", "starts_at", "pk"],
                "indexes": [models.Index(fields=["school", "on"], name="event_of_school")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "meeting"), _negated=True),
                            ("offer__isnull", False),
                            _connector="OR",
                        ),
                        name="meeting_of_an_offer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "thanks"), _negated=True),
                            ("school_class__isnull", False),
                            _connector="OR",
                        ),
                        name="thanks_of_a_whole_class",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled_at", None),
                            models.Q(("cancelled_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="event_cancelled_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at", None), ("kind", "meeting")),
                        fields=("offer", "on"),
                        name="one_meeting_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Part",
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
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="activities.event",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("listed", "on the list"),
                            ("present", "was there"),
                            ("absent", "was not there"),
                            ("excused", "was excused"),
                        ],
                        default="listed",
                        max_length=10,
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes")),
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
                ("off_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("event", "student"), name="part_once"),
                    models.CheckConstraint(
                        condition=models.Q(("minutes", None), ("state", "present"), _connector="OR"),
                        name="minutes_of_the_present",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Companion",
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
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="companions",
                        to="activities.event",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("event", "staff"), name="companion_once")],
            },
        ),
    ]
