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
            name="ArrangedCall",
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
                ("at", models.DateTimeField(verbose_name="when")),
                ("telephone", models.CharField(max_length=40, verbose_name="which telephone")),
                (
                    "arranged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "contact",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="contacts.contact",
                    ),
                ),
                (
                    "follows",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="followed_by",
                        to="peers.arrangedcall",
                    ),
                ),
                ("called_off_at", models.DateTimeField(blank=True, null=True)),
                (
                    "called_off_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("called_off_because", models.CharField(blank=True, max_length=120, verbose_name="reason")),
                ("client_id", models.UUIDField(editable=False, unique=True)),
            ],
            options={
                "indexes": [models.Index(fields=["school", "at"], name="call_school_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("called_off_at", None), ("contact", None), _connector="OR"),
                        name="call_one_ending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("called_off_at", None),
                            models.Q(("called_off_because", ""), _negated=True),
                            _connector="XOR",
                        ),
                        name="call_off_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Together",
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
                        choices=[("partner", "study partners"), ("friends", "friends")], max_length=10
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                ("goal_sealed", models.BinaryField(blank=True, default=b"")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("accepted_at", models.DateTimeField()),
                ("student_yes_on", models.DateField(blank=True, null=True)),
                ("partner_yes_on", models.DateField(blank=True, null=True)),
                (
                    "consent_student",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="people.consent",
                    ),
                ),
                (
                    "consent_partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="people.consent",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="since")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "ended_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("withdrawn", "one of the families agrees no longer"),
                            ("goal", "the goal is reached"),
                            ("term_end", "the term is over"),
                            ("child_wish", "one of the two would rather stop"),
                            ("family_wish", "one of the families asked for it"),
                            ("apart", "they are no longer in one class"),
                            ("other", "another reason"),
                        ],
                        max_length=20,
                        verbose_name="why it ended",
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
                ("thanks_sealed", models.BinaryField(blank=True, default=b"")),
                ("client_id", models.UUIDField(editable=False, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("student", models.F("partner")), _negated=True),
                        name="together_are_two",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None), ("kind", "partner")),
                        fields=("student",),
                        name="one_open_partner",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("student", "partner", "kind"),
                        name="together_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on", None),
                            models.Q(
                                ("consent_partner__isnull", False),
                                ("consent_student__isnull", False),
                                ("partner_yes_on__isnull", False),
                                ("student_yes_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="together_with_every_yes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), models.Q(("ended_reason", ""), _negated=True), _connector="XOR"
                        ),
                        name="together_ended_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FriendSignUp",
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
                ("wish_sealed", models.BinaryField(blank=True, default=b"")),
                ("signed_on", models.DateField(verbose_name="signed up on")),
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
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.UUIDField(editable=False, unique=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("student",),
                        name="one_open_friend_sign_up",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GoodDeed",
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
                ("happened_on", models.DateField(verbose_name="when it was")),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("read_out_on", models.DateField(blank=True, null=True)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.UUIDField(editable=False, unique=True)),
            ],
        ),
    ]
