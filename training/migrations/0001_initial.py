import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import training.models.centres
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_initial'),
        ('guide', '0001_initial'),
        ('initiatives', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SentNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_late', models.BooleanField(default=False, verbose_name='en retard')),
            ],
            options={
                'verbose_name': 'note envoyée',
                'ordering': ['work', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160, verbose_name='titre')),
                ('instruction', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='consigne')),
                ('question', models.TextField(validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name='question')),
                ('opens_at', models.DateTimeField(verbose_name='ouverture')),
                ('due_at', models.DateTimeField(help_text='the first instant at which one is late', verbose_name='à rendre avant')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('initiatives', models.ManyToManyField(blank=True, to='initiatives.initiative', verbose_name='initiatives à lire')),
            ],
            options={
                'verbose_name': 'devoir',
                'ordering': ['due_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='AssignedFiche',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guide.ficheversion')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fiches', to='training.assignment')),
            ],
            options={
                'verbose_name': 'fiche donnée',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Centre',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='centre', serialize=False, to='accounts.organisation')),
                ('opened_on', models.DateField(default=django.utils.timezone.localdate)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'centre de formation',
            },
        ),
        migrations.CreateModel(
            name='Cohort',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='nom de la promotion')),
                ('curriculum', models.CharField(choices=[('2018', 'référentiel de 2018'), ('2026', 'référentiel de 2026')], default='2026', max_length=4, verbose_name='référentiel')),
                ('starts_on', models.DateField(verbose_name='début')),
                ('ends_on', models.DateField(verbose_name='fin')),
                ('join_code', models.CharField(default=training.models.centres.join_code, max_length=8, unique=True, verbose_name='code d’inscription')),
                ('join_open', models.BooleanField(default=True, verbose_name='inscriptions ouvertes')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cohorts', to='training.centre')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'promotion',
                'ordering': ['-starts_on', 'name'],
            },
        ),
        migrations.AddField(
            model_name='assignment',
            name='cohort',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='training.cohort'),
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to='training.cohort')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'inscription',
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(4000)])),
                ('verdict', models.CharField(blank=True, choices=[('to_redo', 'à reprendre'), ('accepted', 'accepté')], max_length=10, verbose_name='avis')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='training.sentnote')),
            ],
            options={
                'verbose_name': 'commentaire',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Work',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('begun', 'en cours'), ('sent', 'envoyé'), ('to_redo', 'à reprendre'), ('accepted', 'accepté')], default='begun', max_length=10)),
                ('draft', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='note')),
                ('edition', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField(blank=True, null=True)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='works', to='training.assignment')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='works', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'travail',
            },
        ),
        migrations.AddField(
            model_name='sentnote',
            name='work',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='training.work'),
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declared_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('fiche', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='training.assignedfiche')),
                ('work', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='training.work')),
            ],
            options={
                'verbose_name': 'lecture déclarée',
            },
        ),
        migrations.AddConstraint(
            model_name='assignedfiche',
            constraint=models.UniqueConstraint(fields=('assignment', 'version'), name='assigned_fiche_once'),
        ),
        migrations.AddConstraint(
            model_name='cohort',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='cohort_dates_in_order', violation_error_message='La fin de la promotion vient après son début.'),
        ),
        migrations.AddConstraint(
            model_name='cohort',
            constraint=models.UniqueConstraint(fields=('centre', 'name'), name='cohort_name_once', violation_error_message='Une promotion de ce centre porte déjà ce nom.'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('opens_at'))), name='assignment_dates_in_order', violation_error_message='La date de remise vient après l’ouverture.'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(fields=('cohort', 'student'), name='enrolment_once'),
        ),
        migrations.AddConstraint(
            model_name='work',
            constraint=models.UniqueConstraint(fields=('assignment', 'student'), name='work_once'),
        ),
        migrations.AddConstraint(
            model_name='sentnote',
            constraint=models.UniqueConstraint(fields=('work', 'number'), name='sent_note_once'),
        ),
        migrations.AddConstraint(
            model_name='reading',
            constraint=models.UniqueConstraint(fields=('work', 'fiche'), name='reading_once'),
        ),
    ]
