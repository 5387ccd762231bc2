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
            name="Volunteer",
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
                    "key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.subjectkey"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("comes_from", models.CharField(max_length=80, verbose_name="from where")),
                ("phone_sealed", models.BinaryField(blank=True, default=b"")),
                ("phone_masked", models.CharField(blank=True, max_length=30, verbose_name="phone")),
                (
                    "offence_check_on",
                    models.DateField(blank=True, null=True, verbose_name="offence-record check noted on"),
                ),
                (
                    "offence_check_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                ("client_id", models.UUIDField(editable=False, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("offence_check_on", None), ("offence_check_by__isnull", False), _connector="OR"
                        ),
                        name="volunteer_check_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProxyParent",
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
                        related_name="proxies",
                        to="people.student",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.staff",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proxies",
                        to="pairing.volunteer",
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="people.consent"
                    ),
                ),
                ("agreed_on", models.DateField(verbose_name="agreement signed on")),
                ("starts_on", models.DateField(verbose_name="since")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "ended_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("withdrawn", "the family agrees no longer"),
                            ("parents_back", "the parents are back home"),
                            ("family_wish", "the family or the student asked for it"),
                            ("own_wish", "the proxy parent can no longer do it"),
                            ("student_left", "the student left the school"),
                            ("rules", "the rules were not kept"),
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
                ("client_id", models.UUIDField(editable=False, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="proxy_dates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)), fields=("student",), name="one_open_proxy"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("staff", None), ("volunteer", None), _connector="XOR"),
                        name="proxy_staff_or_volunteer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), models.Q(("ended_reason", ""), _negated=True), _connector="XOR"
                        ),
                        name="proxy_ended_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("agreed_on__lte", models.F("starts_on"))),
                        name="proxy_agreed_before",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Noticed",
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
                ("text_sealed", models.BinaryField()),
                ("happened_on", models.DateField(verbose_name="when it was")),
                ("recorded_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("answer_sealed", models.BinaryField(blank=True, default=b"")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.UUIDField(editable=False, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("to")), _negated=True), name="noticed_for_another"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None), ("seen_at__isnull", False), _connector="OR"
                        ),
                        name="noticed_answered_is_seen",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pair",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="pairs", to="people.student"
                    ),
                ),
                (
                    "helper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pairs", to="people.staff"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("first", "first helper"), ("also", "also helps")],
                        default="first",
                        max_length=5,
                        verbose_name="role",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=30, verbose_name="subject")),
                ("starts_on", models.DateField(verbose_name="since")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "ended_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("term_end", "the term is over"),
                            ("support_ended", "support is no longer needed"),
                            ("student_left", "the student left the school"),
                            ("helper_away", "the helper is away for some time"),
                            ("helper_left", "the helper has left the school or has another post"),
                            ("swapped", "another helper took over"),
                            ("new_role", "goes on in another role"),
                            ("family_wish", "the family or the student asked for it"),
                            ("other", "another reason"),
                        ],
                        max_length=20,
                        verbose_name="why it ended",
                    ),
                ),
                ("ended_note", models.CharField(blank=True, max_length=200, verbose_name="note")),
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
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField()),
                ("explanation", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "indexes": [models.Index(fields=["school", "ends_on"], name="pair_school_ends")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="pair_dates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("student", "helper"),
                        name="one_open_pair",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None), ("role", "first")),
                        fields=("student",),
                        name="one_open_first_helper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_reason", ""), ("ends_on", None)),
                            ("ends_on__isnull", False),
                            _connector="OR",
                        ),
                        name="open_pair_has_no_end_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.term"
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="people.student",
                    ),
                ),
                (
                    "helper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="people.staff",
                    ),
                ),
                (
                    "runner_up",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.staff",
                    ),
                ),
                (
                    "why_none",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("no_helpers", "nobody has been named as a possible helper yet"),
                            ("no_capacity", "all who could help already have as many students as they can"),
                            ("all_excluded", "everyone with room has been ruled out for this student"),
                            ("pinned", "the helper fixed for this student cannot take a student at present"),
                        ],
                        max_length=20,
                    ),
                ),
                ("cost", models.IntegerField(default=0)),
                ("reasons", models.JSONField(blank=True, default=list)),
                ("runner_up_detail", models.JSONField(blank=True, default=dict)),
                ("made_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waiting for a decision"),
                            ("confirmed", "confirmed"),
                            ("dropped", "decided otherwise"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["school", "state"], name="proposal_school_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("student",), name="one_open_proposal"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("helper", None), ("why_none", ""), _connector="XOR"),
                        name="proposal_names_helper_or_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
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
                    "helper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.staff"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("student", "helper"), name="exclusion_once")],
            },
        ),
        migrations.CreateModel(
            name="Pin",
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
                    "helper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.staff"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("student",), name="pin_once")],
            },
        ),
        migrations.CreateModel(
            name="VisitWish",
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
                ("reason", models.CharField(max_length=200, verbose_name="who asked, and why")),
                ("starts_on", models.DateField(verbose_name="since")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="visit_wish_dates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)), fields=("student",), name="one_open_visit_wish"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Weighting",
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
                ("points", models.JSONField(default=dict)),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("changed_at", models.DateTimeField()),
            ],
        ),
    ]
