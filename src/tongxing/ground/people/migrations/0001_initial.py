import django.db.models.deletion
import tongxing.ground.kernel.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SchoolYear",
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
                ("name", models.CharField(max_length=20, verbose_name="school year")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
            ],
            options={
                "ordering": ["starts_on"],
                "constraints": [models.UniqueConstraint(fields=("school", "name"), name="school_year_once")],
            },
        ),
        migrations.CreateModel(
            name="Term",
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
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="people.schoolyear",
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "first term"), (2, "second term")], verbose_name="number"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("week_one", models.DateField(verbose_name="Monday of teaching week 1")),
            ],
            options={
                "ordering": ["starts_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "number"), name="term_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                        name="term_ends_after_start",
                        violation_error_message="The term ends before it begins.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
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
                ("date", models.DateField(verbose_name="day")),
                (
                    "kind",
                    models.CharField(
                        choices=[("off", "day off"), ("make_up", "make-up school day")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="name")),
            ],
            options={
                "ordering": ["date"],
                "constraints": [models.UniqueConstraint(fields=("school", "date"), name="calendar_day_once")],
            },
        ),
        migrations.CreateModel(
            name="SchoolClass",
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
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="classes",
                        to="people.schoolyear",
                    ),
                ),
                ("grade", models.PositiveSmallIntegerField(verbose_name="grade")),
                ("number", models.PositiveSmallIntegerField(verbose_name="class number")),
                ("name", models.CharField(max_length=40, verbose_name="class")),
                ("code", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "ordering": ["grade", "number", "name"],
                "constraints": [models.UniqueConstraint(fields=("year", "name"), name="class_once")],
            },
        ),
        migrations.CreateModel(
            name="Student",
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
                ("code", models.CharField(max_length=40, verbose_name="student number")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("pinyin", models.CharField(blank=True, db_index=True, max_length=120)),
                ("initials", models.CharField(blank=True, db_index=True, max_length=30)),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("", "not recorded"), ("female", "female"), ("male", "male")],
                        max_length=10,
                        verbose_name="sex",
                    ),
                ),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="date of birth")),
                (
                    "birth_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year of birth"),
                ),
                ("ethnicity", models.CharField(blank=True, max_length=20, verbose_name="ethnic group")),
                (
                    "status",
                    models.CharField(
                        choices=[("enrolled", "enrolled"), ("left", "left the school")],
                        default="enrolled",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("enrolled_on", models.DateField(blank=True, null=True, verbose_name="enrolled on")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
                ("boarding", models.BooleanField(blank=True, null=True, verbose_name="boards at school")),
                ("dormitory", models.CharField(blank=True, max_length=40, verbose_name="dormitory")),
                ("residence", models.CharField(blank=True, max_length=20, verbose_name="type of residence")),
                ("village", models.CharField(blank=True, max_length=60, verbose_name="village")),
                ("client_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="student",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "national_code",
                    models.CharField(blank=True, max_length=30, verbose_name="national student number"),
                ),
                ("id_number_sealed", models.BinaryField(blank=True, default=b"")),
                ("id_number_masked", models.CharField(blank=True, max_length=30, verbose_name="ID number")),
                ("id_number_index", models.CharField(blank=True, db_index=True, max_length=32)),
                ("phone_sealed", models.BinaryField(blank=True, default=b"")),
                ("phone_masked", models.CharField(blank=True, max_length=30, verbose_name="phone")),
                ("address_sealed", models.BinaryField(blank=True, default=b"")),
                ("address_masked", models.CharField(blank=True, max_length=60, verbose_name="address")),
                (
                    "id_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not recorded"),
                            ("id_card", "resident identity card"),
                            ("household", "household register"),
                            ("passport", "passport"),
                            ("residence", "residence permit for Hong Kong, Macao and Taiwan"),
                            ("other", "other"),
                        ],
                        max_length=10,
                        verbose_name="kind of ID document",
                    ),
                ),
                (
                    "seat_number",
                    models.CharField(blank=True, max_length=10, verbose_name="number in the class"),
                ),
                (
                    "distance_m",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="way to school"),
                ),
                (
                    "guardianship",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not recorded"),
                            ("parents", "both parents"),
                            ("one_parent", "one parent at home"),
                            ("grandparents", "grandparents"),
                            ("relatives", "other relatives"),
                            ("entrusted", "somebody entrusted by the parents"),
                            ("nobody", "nobody looks after the child at present"),
                        ],
                        max_length=12,
                        verbose_name="who looks after",
                    ),
                ),
                ("household_sealed", models.BinaryField(blank=True, default=b"")),
                (
                    "household_masked",
                    models.CharField(blank=True, max_length=60, verbose_name="registered residence"),
                ),
                ("health_sealed", models.BinaryField(blank=True, default=b"")),
                (
                    "health_masked",
                    models.CharField(blank=True, max_length=10, verbose_name="state of health"),
                ),
                ("income_sealed", models.BinaryField(blank=True, default=b"")),
                (
                    "income_masked",
                    models.CharField(blank=True, max_length=10, verbose_name="what the family lives on"),
                ),
                ("aid_sealed", models.BinaryField(blank=True, default=b"")),
                (
                    "aid_masked",
                    models.CharField(blank=True, max_length=10, verbose_name="help from the government"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["school", "status"], name="student_school_status")],
                "constraints": [models.UniqueConstraint(fields=("school", "code"), name="student_code_once")],
            },
        ),
        migrations.CreateModel(
            name="Likeness",
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
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.student"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("different", "two children"), ("same", "one child, entered twice")],
                        max_length=10,
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
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("student", "other"), name="likeness_once")],
            },
        ),
        migrations.CreateModel(
            name="OtherNumber",
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
                        related_name="other_numbers",
                        to="people.student",
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="student number")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("school", "code"), name="other_number_once")],
            },
        ),
        migrations.CreateModel(
            name="ClassMembership",
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
                        related_name="memberships",
                        to="people.student",
                    ),
                ),
                (
                    "school_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.schoolclass",
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
                        name="membership_dates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)), fields=("student",), name="one_open_class"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Guardian",
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
                        related_name="guardians",
                        to="people.student",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="guardianships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("father", "father"),
                            ("mother", "mother"),
                            ("grandparent", "grandparent"),
                            ("relative", "relative"),
                            ("other", "other guardian"),
                        ],
                        max_length=20,
                        verbose_name="relation",
                    ),
                ),
                (
                    "relation_text",
                    models.CharField(blank=True, max_length=20, verbose_name="relation in words"),
                ),
                ("order", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "lives_with",
                    models.BooleanField(blank=True, null=True, verbose_name="lives with the student"),
                ),
                ("away_place", models.CharField(blank=True, max_length=60, verbose_name="works away in")),
                ("workplace", models.CharField(blank=True, max_length=60, verbose_name="employer")),
                ("best_time", models.CharField(blank=True, max_length=60, verbose_name="best time to call")),
                ("reads", models.BooleanField(blank=True, null=True, verbose_name="can read messages")),
                ("entrusted", models.BooleanField(default=False, verbose_name="entrusted by the parents")),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("client_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("phone_sealed", models.BinaryField(blank=True, default=b"")),
                ("phone_masked", models.CharField(blank=True, max_length=30, verbose_name="phone")),
            ],
            options={
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("student", "name", "relation"), name="guardian_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Staff",
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="staff number")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("pinyin", models.CharField(blank=True, max_length=120)),
                ("initials", models.CharField(blank=True, max_length=30)),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("", "not recorded"), ("female", "female"), ("male", "male")],
                        max_length=10,
                        verbose_name="sex",
                    ),
                ),
                ("village", models.CharField(blank=True, max_length=60, verbose_name="village")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="since")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "offence_check_on",
                    models.DateField(blank=True, null=True, verbose_name="offence-record check noted on"),
                ),
                (
                    "pairing_capacity",
                    models.PositiveSmallIntegerField(
                        default=2, verbose_name="students this colleague can look after"
                    ),
                ),
                (
                    "dormitory",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="dormitory in this colleague's care"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("school", "code"), name="staff_code_once")],
            },
        ),
        migrations.CreateModel(
            name="Teaching",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="teaching", to="people.term"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="teaching",
                        to="people.staff",
                    ),
                ),
                (
                    "school_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="teaching",
                        to="people.schoolclass",
                    ),
                ),
                ("subject", models.CharField(max_length=30, verbose_name="subject")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("term", "staff", "school_class", "subject"), name="teaching_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
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
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsibilities",
                        to="people.staff",
                    ),
                ),
                (
                    "post",
                    models.CharField(
                        choices=[
                            ("head", "head"),
                            ("party_secretary", "party secretary"),
                            ("deputy", "deputy head"),
                            ("coordinator", "student affairs office"),
                            ("teaching_office", "teaching office"),
                            ("general_office", "general affairs office"),
                            ("grade_leader", "grade leader"),
                            ("class_teacher", "class teacher"),
                            ("counsellor", "counsellor"),
                            ("finance_clerk", "finance clerk"),
                            ("safety", "safety responder"),
                            ("safety_deputy", "deputy safety responder"),
                        ],
                        max_length=20,
                        verbose_name="post",
                    ),
                ),
                (
                    "school_class",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsible",
                        to="people.schoolclass",
                    ),
                ),
                ("grade", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="grade")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "recorded_at",
                    tongxing.ground.kernel.fields.RecordedAtField(blank=True, editable=False, null=True),
                ),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="responsibility_dates",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Circumstance",
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
                        related_name="circumstances",
                        to="people.student",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("left_behind", "parents work away (school roster)"),
                            ("left_behind_civil", "parents work away (civil affairs)"),
                            ("single_parent", "lives with one parent"),
                            ("migrant", "moved here with parents"),
                            ("lifted_out", "family lifted out of poverty"),
                            ("monitored", "monitored against falling back into poverty"),
                            ("minimum_living", "minimum living allowance"),
                            ("minimum_living_edge", "close to the minimum living allowance"),
                            ("extreme_poverty", "extreme-poverty support"),
                            ("orphan", "orphan"),
                            ("de_facto_unsupported", "de facto without support"),
                            ("disabled", "student with a disability"),
                            ("disabled_parent", "child of parents with a disability"),
                            ("rigid_expenses", "heavy unavoidable expenses"),
                            ("low_income", "other low income"),
                            ("martyr_child", "child of a martyr"),
                            ("serious_illness", "serious illness in the family"),
                            ("sudden_hardship", "sudden serious hardship"),
                        ],
                        max_length=30,
                        verbose_name="circumstance",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="checked on")),
                (
                    "recorded_at",
                    tongxing.ground.kernel.fields.RecordedAtField(blank=True, editable=False, null=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
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
                        related_name="consents",
                        to="people.student",
                    ),
                ),
                ("purpose", models.CharField(max_length=60, verbose_name="purpose")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("legal_duty", "legal duty"),
                            ("guardian", "guardian's separate consent"),
                            ("emergency", "emergency protection"),
                        ],
                        max_length=20,
                        verbose_name="basis",
                    ),
                ),
                ("given_by", models.CharField(blank=True, max_length=60, verbose_name="given by")),
                (
                    "student_agreed",
                    models.BooleanField(
                        blank=True, null=True, verbose_name="the student (14 or older) agreed too"
                    ),
                ),
                ("given_on", models.DateField(verbose_name="given on")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="withdrawn on")),
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on", None)),
                        fields=("student", "purpose"),
                        name="one_standing_consent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
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
                        related_name="registrations",
                        to="people.student",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("normal", "registered"), ("key", "key student")],
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="since")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "ended_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="reason for leaving the register"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="registration_dates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("student",),
                        name="one_open_registration",
                    ),
                ],
            },
        ),
    ]
