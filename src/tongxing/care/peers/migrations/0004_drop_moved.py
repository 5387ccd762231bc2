from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("peers", "0003_goals_and_thanks_move")]
    operations = [
        migrations.RemoveField(model_name="together", name="goal_sealed"),
        migrations.RemoveField(model_name="together", name="thanks_sealed"),
    ]
