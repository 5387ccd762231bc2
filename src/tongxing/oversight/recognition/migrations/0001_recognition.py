import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("kernel", "0001_initial"),
        ("notices", "0001_first"),
        ("peers", "0004_drop_moved"),
        ("people", "0002_recognised"),
        ("publicity", "0002_honours"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=200)),
                ("client_id", models.UUIDField()),
                ("entered_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("group", "a group: an office, the teachers of a class"),
                            ("colleague", "a colleague"),
                            ("class", "a caring class"),
                            ("partners", "two classmates who go together"),
                            ("progress", "a student’s own progress"),
                        ],
                        max_length=10,
                        verbose_name="who is honoured",
                    ),
                ),
                ("name", models.CharField(max_length=20, verbose_name="title")),
                ("about", models.CharField(max_length=600, verbose_name="what it is about")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("until", models.DateField(verbose_name="last day")),
                ("open_until", models.DateField(verbose_name="proposals until")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "circular",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.circular",
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
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.schoolyear"
                    ),
                ),
            ],
            options={
                "ordering": ["-year__starts_on", "kind", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="recognition_scheme_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None), ("ended_reason", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                models.Q(("ended_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recognition_scheme_ends_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("year", "name"),
                        name="recognition_title_once_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("starts_on"))),
                        name="recognition_scheme_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("published_by", None)),
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="recognition_published_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(max_length=120, verbose_name="criterion")),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "belongs to it"), (2, "matters"), (3, "matters most")],
                        default=2,
                        verbose_name="weight",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("promised", "Talks and visits done as promised"),
                            ("visits", "Families visited at home"),
                            ("families", "Words with families"),
                            ("goals", "Goals of students seen through"),
                            ("reflections", "Looking back on what was tried"),
                            ("offers", "Groups and tutoring led"),
                            ("decisions", "What meetings asked, seen to"),
                            ("meetings", "Class meetings on a theme"),
                            ("own_goals", "Own goals reached"),
                            ("shared", "Goals the two reached together"),
                        ],
                        max_length=12,
                        verbose_name="shown by",
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
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="recognition.scheme",
                    ),
                ),
            ],
            options={
                "ordering": ["-weight", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("scheme", "words"), name="recognition_criterion_once"),
                    models.CheckConstraint(
                        condition=models.Q(("weight__in", (1, 2, 3))), name="recognition_weight"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("evidence", ""),
                            (
                                "evidence__in",
                                (
                                    "promised",
                                    "visits",
                                    "families",
                                    "goals",
                                    "reflections",
                                    "offers",
                                    "decisions",
                                    "meetings",
                                    "own_goals",
                                    "shared",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="recognition_evidence_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommitteeMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("named_at", models.DateTimeField()),
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
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="committee",
                        to="recognition.scheme",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("scheme", "staff"),
                        name="recognition_member_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="recognition_member_ended_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commendation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=200)),
                ("client_id", models.UUIDField()),
                ("entered_at", models.DateTimeField()),
                (
                    "office",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("coordinator", "student affairs office"),
                            ("teaching_office", "teaching office"),
                            ("general_office", "general affairs office"),
                            ("counsellor", "counsellor"),
                            ("safety", "safety responder"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(editable=False, max_length=40)),
                ("story_sealed", models.BinaryField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "the committee looks at it"),
                            ("meets", "meets what the scheme asks"),
                            ("not_yet", "does not meet it yet"),
                        ],
                        max_length=10,
                    ),
                ),
                ("concluded_at", models.DateTimeField(blank=True, null=True)),
                ("awarded_on", models.DateField(blank=True, null=True)),
                ("number", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("shown_until", models.DateField(blank=True, null=True)),
                (
                    "awarded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "concluded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.subjectkey"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publicity.notice",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.schoolclass",
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
                    "together",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="peers.together",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commendations",
                        to="recognition.scheme",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="recognition_proposal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None), ("ended_reason", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                models.Q(("ended_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recognition_proposal_ends_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("office", ""), _negated=True),
                                ("school_class__isnull", True),
                                ("staff__isnull", True),
                                ("student__isnull", True),
                                ("together__isnull", True),
                            ),
                            models.Q(
                                ("office", ""),
                                ("school_class__isnull", False),
                                ("staff__isnull", True),
                                ("student__isnull", True),
                                ("together__isnull", True),
                            ),
                            models.Q(
                                ("office", ""),
                                ("school_class__isnull", True),
                                ("staff__isnull", False),
                                ("student__isnull", True),
                                ("together__isnull", True),
                            ),
                            models.Q(
                                ("office", ""),
                                ("school_class__isnull", True),
                                ("staff__isnull", True),
                                ("student__isnull", True),
                                ("together__isnull", False),
                            ),
                            models.Q(
                                ("office", ""),
                                ("school_class__isnull", True),
                                ("staff__isnull", True),
                                ("student__isnull", False),
                                ("together__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="recognition_proposal_of_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("scheme", "code"),
                        name="recognition_proposed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("concluded_at", None), ("concluded_by", None), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("concluded_at__isnull", False),
                                ("concluded_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="recognition_concluded_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("notice", None), ("outcome", "meets"), _connector="OR"),
                        name="recognition_public_once_it_meets",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("awarded_by", None),
                                ("awarded_on", None),
                                ("number", None),
                                ("shown_until", None),
                            ),
                            models.Q(
                                ("awarded_by__isnull", False),
                                ("awarded_on__isnull", False),
                                ("number__isnull", False),
                                ("notice__isnull", False),
                                ("shown_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="recognition_awarded_after_its_notice",
                    ),
                    models.UniqueConstraint(fields=("scheme", "number"), name="recognition_number_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=200)),
                ("client_id", models.UUIDField()),
                ("entered_at", models.DateTimeField()),
                (
                    "office",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("coordinator", "student affairs office"),
                            ("teaching_office", "teaching office"),
                            ("general_office", "general affairs office"),
                            ("counsellor", "counsellor"),
                            ("safety", "safety responder"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(editable=False, max_length=40)),
                ("words_sealed", models.BinaryField(blank=True, default=b"")),
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
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.subjectkey"
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_checks",
                        to="recognition.scheme",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.schoolclass",
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
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "client_id"), name="recognition_check_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None), ("ended_reason", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                models.Q(("ended_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recognition_check_ends_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("office", ""), _negated=True),
                                ("school_class__isnull", True),
                                ("staff__isnull", True),
                            ),
                            models.Q(
                                ("office", ""), ("school_class__isnull", False), ("staff__isnull", True)
                            ),
                            models.Q(
                                ("office", ""), ("school_class__isnull", True), ("staff__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="recognition_check_of_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("scheme", "code", "entered_by"),
                        name="recognition_one_check_each",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StoodBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("noted_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "commendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stood_back",
                        to="recognition.commendation",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("commendation", "staff"),
                        name="recognition_stood_back_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Asked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("staff", "colleague"),
                            ("guardian", "the family"),
                            ("student", "the student"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("", "no answer yet"), ("yes", "yes, gladly"), ("no", "rather not")],
                        max_length=3,
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("given_by", models.CharField(blank=True, max_length=60)),
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
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "commendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="asked",
                        to="recognition.commendation",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("side", "staff"), ("staff__isnull", False), ("student", None)),
                            models.Q(
                                ("side__in", ("guardian", "student")),
                                ("staff", None),
                                ("student__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="recognition_asked_of_one",
                    ),
                    models.UniqueConstraint(
                        fields=("commendation", "side", "student"), name="recognition_child_asked_once"
                    ),
                    models.UniqueConstraint(
                        fields=("commendation", "staff"), name="recognition_staff_asked_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("answered_at", None),
                                ("answered_by", None),
                                ("answered_on", None),
                            ),
                            models.Q(
                                ("answer__in", ("yes", "no")),
                                ("answered_on__isnull", False),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="recognition_answered_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("meets", models.BooleanField()),
                ("words_sealed", models.BinaryField()),
                ("said_at", models.DateTimeField()),
                (
                    "commendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="recognition.commendation",
                    ),
                ),
                ("met", models.ManyToManyField(related_name="+", to="recognition.criterion")),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("commendation", "staff"), name="recognition_word_once")
                ],
            },
        ),
    ]
