import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AttendanceEvent",
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
                        related_name="attendance_events",
                        to="people.student",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("late", "late"),
                            ("early", "left early"),
                            ("absent", "absent"),
                            ("leave", "on leave"),
                            ("uniform", "uniform"),
                            ("entry", "came in at the gate"),
                            ("exit", "went out at the gate"),
                            ("other", "other event"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "indexes": [models.Index(fields=["school", "at"], name="attendance_school_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("student", "at", "kind", "code"), name="attendance_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Exam",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="exams", to="people.term"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="exam")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mid_term", "mid-term exam"),
                            ("final", "final exam"),
                            ("other", "other exam"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="held on")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("term", "name"), name="exam_once")],
            },
        ),
        migrations.CreateModel(
            name="Score",
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
                    "exam",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scores", to="records.exam"
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="people.student",
                    ),
                ),
                ("subject", models.CharField(max_length=30, verbose_name="subject")),
                (
                    "points",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="points"
                    ),
                ),
                (
                    "full_marks",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="full marks"
                    ),
                ),
                ("grade", models.CharField(blank=True, max_length=10, verbose_name="grade")),
                (
                    "special",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("absent", "absent"),
                            ("cheated", "result withdrawn"),
                            ("exempt", "exempt from the exam"),
                        ],
                        max_length=10,
                        verbose_name="special mark",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("exam", "student", "subject"), name="score_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("special", ""), models.Q(("grade", ""), ("points", None)), _connector="OR"
                        ),
                        name="one_result",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Behaviour",
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
                        related_name="behaviour",
                        to="people.student",
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="what was seen")),
            ],
        ),
    ]
