import django.db.models.deletion
import uuid
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
            name="TermPlan",
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
                        related_name="term_plans",
                        to="people.student",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.term"
                    ),
                ),
                ("client_id", models.UUIDField(editable=False)),
                (
                    "begun_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("ended_on", models.DateField(blank=True, null=True)),
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
                ("ended_reason_sealed", models.BinaryField(blank=True, default=b"")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("student", "term"), name="one_plan_a_term"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_on", None)),
                            models.Q(("ended_at__isnull", False), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="term_plan_ends_with_its_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="programme.termplan",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being written"),
                            ("handed_in", "waits for approval"),
                            ("sent_back", "came back"),
                            ("approved", "approved"),
                            ("replaced", "replaced by a later version"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("until", models.DateField(verbose_name="until")),
                ("review_on", models.DateField(verbose_name="look at it again on")),
                ("body_sealed", models.BinaryField(blank=True, default=b"")),
                ("reason_sealed", models.BinaryField(blank=True, default=b"")),
                ("note_sealed", models.BinaryField(blank=True, default=b"")),
                ("written_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("edits", models.PositiveIntegerField(default=0)),
                (
                    "handed_in_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("handed_in_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "sent_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sent_back_at", models.DateTimeField(blank=True, null=True)),
                ("writers", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="plan_versions_are_numbered"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "handed_in"])),
                        fields=("plan",),
                        name="one_open_plan_version",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("plan",),
                        name="one_plan_version_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("review_on__lte", models.F("until")), ("starts_on__lte", models.F("review_on"))
                        ),
                        name="plan_version_dates",
                        violation_error_message="The day to look at it again lies between the first and the last.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"), ("handed_in_at__isnull", False), _connector="OR"
                        ),
                        name="plan_version_was_handed_in",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "replaced"]), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="plan_version_was_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            ("handed_in_by", None),
                            models.Q(("approved_by", models.F("handed_in_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_the_own_plan",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanMeasure",
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="programme.planversion",
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("body_sealed", models.BinaryField()),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("helper", "helper"),
                            ("class_teacher", "class teacher"),
                            ("colleague", "another colleague"),
                        ],
                        default="helper",
                        max_length=15,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.staff",
                    ),
                ),
                ("every", models.CharField(blank=True, max_length=12)),
                ("n", models.PositiveSmallIntegerField(default=1)),
                ("promise", models.CharField(blank=True, max_length=30)),
                ("record_as", models.CharField(blank=True, max_length=20)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "position"), name="plan_measures_in_order"),
                    models.UniqueConstraint(fields=("version", "key"), name="plan_measure_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", "colleague"), ("person__isnull", False)),
                            models.Q(models.Q(("by", "colleague"), _negated=True), ("person", None)),
                            _connector="OR",
                        ),
                        name="plan_measure_has_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("promise", ""), ("record_as", ""), _connector="OR"),
                        name="plan_measure_asks_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("promise", ""), ("record_as", "")),
                            models.Q(("every", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="plan_measure_asks_with_a_rhythm",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanReview",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="programme.termplan",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="programme.planversion",
                    ),
                ),
                ("client_id", models.UUIDField(editable=False, unique=True)),
                ("looked_on", models.DateField()),
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
                ("body_sealed", models.BinaryField()),
                (
                    "family_record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contacts.contact",
                    ),
                ),
                (
                    "conclusion",
                    models.CharField(
                        choices=[
                            ("goes_on", "go on as it is"),
                            ("changes", "go on in another way"),
                            ("enough", "what everybody gets is enough from now on"),
                        ],
                        max_length=10,
                    ),
                ),
                ("next_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-looked_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_on", None), ("next_on__gt", models.F("looked_on")), _connector="OR"
                        ),
                        name="plan_review_looks_ahead",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Programme",
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
                ("code", models.CharField(max_length=30)),
                ("name_zh", models.CharField(max_length=40)),
                ("name_en", models.CharField(max_length=60)),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="since")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("school", "code"), name="programme_once")],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
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
                ("code", models.CharField(max_length=30)),
                ("label_zh", models.CharField(max_length=20)),
                ("label_en", models.CharField(max_length=40)),
                ("record_as", models.CharField(max_length=20)),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("key", "key students"),
                            ("other", "the other registered students"),
                            ("registered", "all registered students"),
                        ],
                        max_length=12,
                        verbose_name="for",
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        choices=[("helper", "helper"), ("class_teacher", "class teacher")],
                        default="helper",
                        max_length=15,
                        verbose_name="by",
                    ),
                ),
                ("needs_circumstance", models.CharField(blank=True, max_length=30)),
                (
                    "every",
                    models.CharField(
                        choices=[
                            ("week", "every teaching week"),
                            ("weeks", "every few teaching weeks"),
                            ("month", "every month"),
                            ("term", "once a term"),
                            ("term_start", "at the start of the term or after joining"),
                            ("break", "once in the winter or summer break"),
                            ("break_weeks", "every few weeks of the break"),
                            ("never", "not asked for"),
                        ],
                        max_length=12,
                        verbose_name="how often",
                    ),
                ),
                ("n", models.PositiveSmallIntegerField(default=1, verbose_name="number of weeks")),
                (
                    "due_from",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="asked for from which week of it"
                    ),
                ),
                ("reached", models.JSONField(blank=True, default=list)),
                ("channels", models.JSONField(blank=True, default=list)),
                ("topics", models.JSONField(blank=True, default=list)),
                ("min_days", models.PositiveSmallIntegerField(default=3)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_reason", models.CharField(blank=True, max_length=200, verbose_name="why it ended")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="programme.programme",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("school", "code"),
                        name="one_open_commitment",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanItem",
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
                ("code", models.CharField(max_length=30)),
                ("label_zh", models.CharField(max_length=20)),
                ("label_en", models.CharField(max_length=40)),
                ("record_as", models.CharField(max_length=20)),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("key", "key students"),
                            ("other", "the other registered students"),
                            ("registered", "all registered students"),
                        ],
                        max_length=12,
                        verbose_name="for",
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        choices=[("helper", "helper"), ("class_teacher", "class teacher")],
                        default="helper",
                        max_length=15,
                        verbose_name="by",
                    ),
                ),
                ("needs_circumstance", models.CharField(blank=True, max_length=30)),
                (
                    "every",
                    models.CharField(
                        choices=[
                            ("week", "every teaching week"),
                            ("weeks", "every few teaching weeks"),
                            ("month", "every month"),
                            ("term", "once a term"),
                            ("term_start", "at the start of the term or after joining"),
                            ("break", "once in the winter or summer break"),
                            ("break_weeks", "every few weeks of the break"),
                            ("never", "not asked for"),
                        ],
                        max_length=12,
                        verbose_name="how often",
                    ),
                ),
                ("n", models.PositiveSmallIntegerField(default=1, verbose_name="number of weeks")),
                (
                    "due_from",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="asked for from which week of it"
                    ),
                ),
                ("reached", models.JSONField(blank=True, default=list)),
                ("channels", models.JSONField(blank=True, default=list)),
                ("topics", models.JSONField(blank=True, default=list)),
                ("min_days", models.PositiveSmallIntegerField(default=3)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_reason", models.CharField(blank=True, max_length=200, verbose_name="why it ended")),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="plan", to="people.student"
                    ),
                ),
                ("review_on", models.DateField(verbose_name="look at it again on")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "term_plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="items",
                        to="programme.termplan",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("student", "code"),
                        name="one_open_plan_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="plan_item_dates",
                        violation_error_message="The last day lies before the first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exemption",
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
                        related_name="exemptions",
                        to="people.student",
                    ),
                ),
                ("commitment", models.CharField(blank=True, max_length=30, verbose_name="what for")),
                ("starts_on", models.DateField(verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
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
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("together", models.UUIDField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["-starts_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="exemption_dates",
                        violation_error_message="The last day lies before the first.",
                    )
                ],
            },
        ),
    ]
