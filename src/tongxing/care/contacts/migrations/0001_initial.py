import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("files", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_person", "Face to face"),
                            ("at_home", "At their home"),
                            ("phone", "By phone"),
                            ("video", "By video"),
                            ("message", "By message"),
                            ("letter", "By letter"),
                            ("activity", "In class or at an activity"),
                        ],
                        max_length=12,
                        verbose_name="how",
                    ),
                ),
                ("reached", models.JSONField(default=list, verbose_name="whom")),
                ("made", models.BooleanField(default=True, verbose_name="reached someone")),
                ("happened_at", models.DateTimeField(verbose_name="when")),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes")),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="place")),
                ("topics", models.JSONField(default=list)),
                ("next_on", models.DateField(blank=True, null=True, verbose_name="next time")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("written", "written down"),
                            ("corrected", "corrected"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="written",
                        max_length=10,
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="people.student",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="people.staff",
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
                ("kind", models.CharField(max_length=20)),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("team", "The support team"),
                            ("counsellor", "Only I and the counsellor (except danger to safety)"),
                        ],
                        max_length=10,
                        verbose_name="who can see it",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["student", "-happened_at"], name="contact_timeline"),
                    models.Index(fields=["school", "happened_at"], name="contact_of_school"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="contact_once"),
                    models.CheckConstraint(
                        condition=models.Q(("happened_at__lte", models.F("recorded_at"))),
                        name="contact_not_ahead",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OtherVersion",
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
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
                    ),
                ),
                (
                    "second",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ContactRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_person", "Face to face"),
                            ("at_home", "At their home"),
                            ("phone", "By phone"),
                            ("video", "By video"),
                            ("message", "By message"),
                            ("letter", "By letter"),
                            ("activity", "In class or at an activity"),
                        ],
                        max_length=12,
                        verbose_name="how",
                    ),
                ),
                ("reached", models.JSONField(default=list, verbose_name="whom")),
                ("made", models.BooleanField(default=True, verbose_name="reached someone")),
                ("happened_at", models.DateTimeField(verbose_name="when")),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes")),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="place")),
                ("topics", models.JSONField(default=list)),
                ("next_on", models.DateField(blank=True, null=True, verbose_name="next time")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("written", "written down"),
                            ("corrected", "corrected"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="written",
                        max_length=10,
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
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="contacts.contact",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
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
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("body", models.JSONField(default=dict)),
                ("body_sealed", models.BinaryField(blank=True, default=b"")),
                ("digest", models.CharField(max_length=32)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("contact", "number"), name="contact_revision_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="contact_withdrawn_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteText",
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
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="note",
                        to="contacts.contact",
                    ),
                ),
                ("text", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("typed_sealed", models.BinaryField()),
                ("saved_at", models.DateTimeField()),
                ("laid_aside_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "student", "kind"), name="draft_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Thanks",
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
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="thanks",
                        to="contacts.contact",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="a few words")),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [models.UniqueConstraint(fields=("contact", "staff"), name="thanks_once")],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
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
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="contacts.contact",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="files.storedfile",
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
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("removed_because", models.CharField(blank=True, max_length=200, verbose_name="reason")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("removed_at", None),
                            models.Q(("removed_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="attachment_removed_with_reason",
                    )
                ],
            },
        ),
    ]
