import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0010_editions_and_reuse"), ("levers", "0003_official_list")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="obstacle",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="initiatives.obstacle",
                verbose_name="frein",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="public",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="initiatives.public",
                verbose_name="public",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="theme",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="initiatives.theme",
                verbose_name="thème",
            ),
        ),
        migrations.AddField(
            model_name="callanswer",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="annoncée à qui a lancé l’appel"),
        ),
    ]
