"""What one sets aside and is told about: the recueil and its lines, the alerts."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("guide", "0001_initial"),
        ("initiatives", "0006_found"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Booklet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="titre")),
                ("foreword", models.TextField(blank=True, verbose_name="avant-propos")),
                ("share_key", models.CharField(blank=True, max_length=32)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="commencé le")),
                ("touched_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="modifié le")),
                (
                    "person",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="booklet",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recueil",
                "ordering": ["-touched_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="BookletItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="place")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="ajoutée le")),
                (
                    "booklet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="initiatives.booklet"
                    ),
                ),
                (
                    "fiche",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="guide.fiche",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="initiatives.initiative",
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne d’un recueil",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse")),
                ("query", models.CharField(blank=True, max_length=2000, verbose_name="recherche")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="recherche en mots")),
                (
                    "rhythm",
                    models.CharField(
                        choices=[("weekly", "chaque semaine, le lundi"), ("monthly", "chaque mois, le premier jour")],
                        default="weekly",
                        max_length=8,
                        verbose_name="rythme",
                    ),
                ),
                ("key", models.CharField(max_length=32, unique=True)),
                ("sender", models.CharField(blank=True, max_length=64)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="demandée le")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmée le")),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="arrêtée le")),
                (
                    "told_before",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="nouveautés dites jusqu’au"),
                ),
                ("last_sent_at", models.DateTimeField(blank=True, null=True, verbose_name="dernière lettre le")),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "alerte",
                "ordering": ["-asked_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_at__isnull", False), ("stopped_at", None)),
                        fields=["told_before"],
                        name="alert_to_tell",
                    ),
                    models.Index(fields=["sender", "-asked_at"], name="alert_sender"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("email__gt", ""), ("person", None)),
                            models.Q(("email", ""), ("person__isnull", False)),
                            _connector="OR",
                        ),
                        name="alert_has_one_reader",
                    ),
                    models.UniqueConstraint(fields=("person", "query"), name="alert_once_a_person"),
                    models.UniqueConstraint(
                        condition=models.Q(("email", ""), _negated=True),
                        fields=("email", "query"),
                        name="alert_once_an_address",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="booklet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person", None), ("token_hash__gt", "")),
                    models.Q(("person__isnull", False), ("token_hash", "")),
                    _connector="OR",
                ),
                name="booklet_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="booklet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("token_hash", ""), _negated=True),
                fields=("token_hash",),
                name="booklet_of_one_browser",
            ),
        ),
        migrations.AddConstraint(
            model_name="booklet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("share_key", ""), _negated=True), fields=("share_key",), name="booklet_shared_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="bookletitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fiche__isnull", False), ("initiative", None)),
                    models.Q(("fiche", None), ("initiative__isnull", False)),
                    _connector="OR",
                ),
                name="booklet_item_is_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookletitem",
            constraint=models.UniqueConstraint(fields=("booklet", "initiative"), name="initiative_once_a_booklet"),
        ),
        migrations.AddConstraint(
            model_name="bookletitem",
            constraint=models.UniqueConstraint(fields=("booklet", "fiche"), name="fiche_once_a_booklet"),
        ),
    ]
