import accounts.siret
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    # « The person model » means an app's first migration; ours only prepares French, so theirs wait for this one.
    run_before = [
        ("account", "0001_initial"),
        ("mfa", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]
    dependencies = [
        ('accounts', '0001_french'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='nom')),
                ('siret', models.CharField(blank=True, max_length=14, validators=[accounts.siret.validate_siret], verbose_name='SIRET')),
            ],
            options={
                'verbose_name': 'organisation',
            },
        ),
        migrations.CreateModel(
            name='OrganisationKind',
            fields=[
                ('code', models.SlugField(primary_key=True, serialize=False)),
                ('label', models.CharField(max_length=120)),
                ('data_inclusion', models.CharField(blank=True, max_length=80, verbose_name='code data·inclusion')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'sorte d’organisation',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('name', models.SlugField(primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('vintage', models.CharField(blank=True, max_length=80)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('loaded_at', models.DateTimeField(auto_now=True)),
            ],
            options={'verbose_name': 'référence'},
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='nom affiché')),
                ('is_active', models.BooleanField(default=True, verbose_name='compte actif')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='inscription')),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='effacement')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='accounts.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'personne',
            },
        ),
        migrations.AddField(
            model_name='organisation',
            name='kind',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.organisationkind', verbose_name='sorte'),
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('contributor', 'contributeur ou contributrice'), ('expert', 'expert ou experte'), ('student', 'étudiant ou étudiante'), ('trainer', 'formateur ou formatrice'), ('centre_head', 'responsable de centre'), ('coordinator', 'coordination'), ('guide_editor', 'édition du guide'), ('dpo', 'protection des données'), ('administrator', 'administration des comptes')], max_length=16, verbose_name='rôle')),
                ('deputy', models.BooleanField(default=False, verbose_name='suppléance')),
                ('from_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='depuis le')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, help_text='Le réseau pour lequel une personne coordonne, ou le centre où elle forme.', null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.organisation', verbose_name='organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'rôle',
                'ordering': ['-from_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Territory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('nation', 'France'), ('region', 'région'), ('departement', 'département'), ('epci', 'intercommunalité'), ('commune', 'commune')], max_length=12, verbose_name='niveau')),
                ('code', models.CharField(max_length=12, verbose_name='code officiel')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('key', models.CharField(max_length=120, verbose_name='clé de recherche')),
                ('population', models.PositiveIntegerField(null=True, verbose_name='population municipale')),
                ('postal_codes', models.JSONField(default=list, verbose_name='codes postaux')),
                ('column', models.SmallIntegerField(null=True, verbose_name='colonne sur la carte')),
                ('row', models.SmallIntegerField(null=True, verbose_name='rang sur la carte')),
                ('departement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.territory')),
                ('epci', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.territory')),
                ('region', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.territory')),
            ],
            options={
                'verbose_name': 'territoire',
            },
        ),
        migrations.CreateModel(
            name='RoleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('contributor', 'contributeur ou contributrice'), ('expert', 'expert ou experte'), ('student', 'étudiant ou étudiante'), ('trainer', 'formateur ou formatrice'), ('centre_head', 'responsable de centre'), ('coordinator', 'coordination'), ('guide_editor', 'édition du guide'), ('dpo', 'protection des données'), ('administrator', 'administration des comptes')], max_length=16, verbose_name='rôle')),
                ('deputy', models.BooleanField(default=False, verbose_name='suppléance')),
                ('from_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='depuis le')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('granted_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, help_text='Le réseau pour lequel une personne coordonne, ou le centre où elle forme.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.organisation', verbose_name='organisation')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.role')),
                ('territory', models.ForeignKey(blank=True, db_constraint=False, help_text='Vide : le pays entier.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.territory', verbose_name='territoire')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='role',
            name='territory',
            field=models.ForeignKey(blank=True, help_text='Vide : le pays entier.', null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.territory', verbose_name='territoire'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='territory',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.territory', verbose_name='territoire'),
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('to', models.EmailField(max_length=254)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('message_id', models.CharField(max_length=120, unique=True)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('given_up_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'lettre',
                'ordering': ['-written_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('given_up_at', None), ('sent_at', None)), fields=['due_at'], name='letter_to_send')],
            },
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='person_email_once', violation_error_message='Un compte existe déjà avec cette adresse.'),
        ),
        migrations.AddIndex(
            model_name='territory',
            index=models.Index(fields=['key'], name='territory_key', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.UniqueConstraint(fields=('level', 'code'), name='territory_once'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='role_dates_in_order', violation_error_message='La fin d’un rôle ne peut pas précéder son début.'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['trainer', 'centre_head']), _negated=True), ('organisation__isnull', False), _connector='OR'), name='role_of_centre_has_organisation', violation_error_message='Indiquez le centre de formation de ce rôle.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='role',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_roleevent" ("deputy", "from_on", "granted_by_id", "id", "kind", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "territory_id", "until_on") VALUES (NEW."deputy", NEW."from_on", NEW."granted_by_id", NEW."id", NEW."kind", NEW."organisation_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."territory_id", NEW."until_on"); RETURN NULL;', hash='a586582a65c7106822f9355ce82b1bd5829e3040', operation='INSERT', pgid='pgtrigger_insert_insert_d9a3a', table='accounts_role', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='role',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_roleevent" ("deputy", "from_on", "granted_by_id", "id", "kind", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "territory_id", "until_on") VALUES (NEW."deputy", NEW."from_on", NEW."granted_by_id", NEW."id", NEW."kind", NEW."organisation_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."territory_id", NEW."until_on"); RETURN NULL;', hash='ad4378695b1a10ea5f039b16a314b58e460cc410', operation='UPDATE', pgid='pgtrigger_update_update_023a0', table='accounts_role', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='role',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_roleevent" ("deputy", "from_on", "granted_by_id", "id", "kind", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "territory_id", "until_on") VALUES (OLD."deputy", OLD."from_on", OLD."granted_by_id", OLD."id", OLD."kind", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."territory_id", OLD."until_on"); RETURN NULL;', hash='e7302ef90eca368905a2aa0e860b67bbb19e0069', operation='DELETE', pgid='pgtrigger_delete_delete_d75a6', table='accounts_role', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('siret', ''), _negated=True), fields=('siret',), name='organisation_siret_once', violation_error_message='Une organisation porte déjà ce SIRET.'),
        ),
    ]
