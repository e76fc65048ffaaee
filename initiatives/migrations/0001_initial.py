import accounts.siret
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import taggit.managers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_initial'),
        ('guide', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Obstacle',
            fields=[
                ('number', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=100, unique=True)),
                ('label', models.CharField(max_length=60)),
                ('wording', models.TextField(verbose_name='formulation')),
                ('explanation', models.TextField(verbose_name='explication')),
                ('source', models.CharField(blank=True, max_length=80)),
                ('answering_levers', models.JSONField(default=list, verbose_name='leviers qui y répondent')),
            ],
            options={
                'verbose_name': 'frein',
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Public',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=100, unique=True)),
                ('label', models.CharField(max_length=120)),
                ('data_inclusion', models.CharField(blank=True, max_length=120, verbose_name='code data·inclusion')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'public',
                'ordering': ['position'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=100, unique=True, verbose_name='slug')),
            ],
            options={
                'verbose_name': 'étiquette',
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=100, unique=True)),
                ('label', models.CharField(max_length=120)),
                ('data_inclusion', models.CharField(blank=True, max_length=120, verbose_name='code data·inclusion')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'thème',
                'ordering': ['position'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Authorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'raconte'), ('co_author', 'raconte avec')], default='owner', max_length=10)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authorships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'signature',
            },
        ),
        migrations.CreateModel(
            name='Initiative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=140, unique=True)),
                ('origin', models.CharField(choices=[('author', 'racontée par son équipe'), ('training', 'écrite en formation'), ('import', 'reprise d’une base existante'), ('public_source', 'd’après une source publique')], default='author', max_length=16, verbose_name='provenance')),
                ('status', models.CharField(choices=[('draft', 'brouillon'), ('in_review', 'en relecture'), ('published', 'publiée'), ('stale', 'publiée, à actualiser'), ('archived', 'archivée'), ('withdrawn', 'retirée'), ('merged', 'réunie à une autre')], default='draft', max_length=12, verbose_name='état')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('masked_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=20)),
                ('verified_on', models.DateField(blank=True, null=True, verbose_name='vérifiée le')),
                ('authors', models.ManyToManyField(related_name='initiatives', through='initiatives.Authorship', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='initiatives.initiative')),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='accounts.organisation', verbose_name='vérifiée par')),
            ],
            options={
                'verbose_name': 'initiative',
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('creation', 'première publication'), ('revision', 'modification'), ('adoption', 'reprise d’une fiche de source publique'), ('report', 'signalement')], default='creation', max_length=10, verbose_name='sorte')),
                ('status', models.CharField(choices=[('received', 'reçu'), ('claimed', 'en cours de relecture'), ('changes_requested', 'à compléter'), ('waiting_third_party', 'en attente d’un tiers'), ('accepted', 'accepté'), ('refused', 'refusé'), ('redirected', 'hors du catalogue'), ('cancelled', 'annulé'), ('expired', 'clos sans réponse')], default='received', max_length=20, verbose_name='état')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('first_sign_due_at', models.DateTimeField()),
                ('decision_due_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('claim_expires_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='claimed_cases', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('territory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.territory')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='initiatives.initiative')),
            ],
            options={
                'verbose_name': 'dossier',
                'ordering': ['received_at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='authorship',
            name='initiative',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authorships', to='initiatives.initiative'),
        ),
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('start', 'a commencé la fiche'), ('submit', 'a envoyé la fiche'), ('claim', 'a pris le dossier'), ('release', 'a rendu le dossier'), ('lapse', 'a rendu le dossier à la file'), ('request_changes', 'a demandé des compléments'), ('ask_third_party', 'attend la réponse d’un tiers'), ('resume', 'a repris le dossier'), ('resubmit', 'a renvoyé la fiche'), ('accept', 'a publié la fiche'), ('refuse', 'a refusé la fiche'), ('redirect', 'a orienté la fiche vers un autre lieu'), ('appeal', 'a demandé une seconde lecture'), ('cancel', 'a annulé la demande'), ('expire', 'le dossier s’est clos après 60 jours sans réponse'), ('reassign', 'a confié le dossier à un autre territoire'), ('withdraw', 'a retiré la fiche'), ('mask', 'a masqué la fiche'), ('unmask', 'a rétabli la fiche'), ('verify', 'a vérifié la fiche'), ('load', 'fiche chargée depuis une source publique')], max_length=20)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('from_status', models.CharField(blank=True, max_length=20)),
                ('to_status', models.CharField(blank=True, max_length=20)),
                ('motive', models.CharField(blank=True, max_length=40)),
                ('text', models.TextField(blank=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='initiatives.case')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='initiatives.initiative')),
            ],
            options={
                'verbose_name': 'mouvement',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=40)),
                ('text', models.TextField()),
                ('move', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='initiatives.move')),
            ],
            options={
                'verbose_name': 'demande',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TaggedVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tagged_versions', to='initiatives.tag')),
            ],
            options={
                'verbose_name': 'étiquette d’une version',
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('frozen_at', models.DateTimeField(blank=True, null=True)),
                ('edition', models.PositiveIntegerField(default=0)),
                ('depth', models.CharField(choices=[('instantane', 'instantané'), ('recit', 'récit'), ('capitalisation', 'capitalisation')], default='instantane', max_length=16, verbose_name='profondeur')),
                ('snapshot', models.JSONField(default=dict, editable=False, help_text='what it says as texts, kept when frozen')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='titre')),
                ('summary', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(400)], verbose_name='résumé')),
                ('state', models.CharField(blank=True, choices=[('project', 'en préparation'), ('ongoing', 'en cours'), ('ended', 'terminée'), ('unknown', 'inconnu')], max_length=10, verbose_name='où en est l’action')),
                ('start_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1900), django.core.validators.MaxValueValidator(2100)], verbose_name='année de début')),
                ('start_month', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='mois de début')),
                ('end_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1900), django.core.validators.MaxValueValidator(2100)], verbose_name='année de fin')),
                ('period_note', models.CharField(blank=True, max_length=120, verbose_name='période, telle que la source la dit')),
                ('organisation_name', models.CharField(blank=True, max_length=200, verbose_name='organisation qui porte l’action')),
                ('organisation_siret', models.CharField(blank=True, max_length=14, validators=[accounts.siret.validate_siret], verbose_name='SIRET')),
                ('place_note', models.CharField(blank=True, max_length=120, verbose_name='précision sur le lieu')),
                ('scope', models.CharField(blank=True, choices=[('quartier', 'un quartier'), ('commune', 'une commune'), ('intercommunalite', 'une intercommunalité'), ('departement', 'un département'), ('region', 'une région'), ('national', 'le pays entier')], max_length=16, verbose_name='étendue')),
                ('beginning', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='au départ…')),
                ('story', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='ce qui s’est passé')),
                ('contact_mode', models.CharField(choices=[('relayed', 'par un message relayé par le site (votre adresse reste cachée)'), ('public', 'par l’adresse que j’écris ici, visible sur la page'), ('coordinator', 'en passant par la coordination du territoire')], default='relayed', max_length=12, verbose_name='contact')),
                ('contact_address', models.EmailField(blank=True, max_length=254, verbose_name='adresse à montrer')),
                ('licence', models.CharField(choices=[('cc-by-4.0', 'Creative Commons Attribution 4.0 (CC BY)'), ('etalab-2.0', 'Licence Ouverte 2.0')], default='cc-by-4.0', max_length=12, verbose_name='licence')),
                ('employer_agrees', models.BooleanField(default=False, verbose_name='mon employeur est d’accord')),
                ('people_agree', models.BooleanField(default=False, verbose_name='les personnes concernées sont d’accord')),
                ('anonymity', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, verbose_name='anonymat vérifié')),
                ('objectives', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='objectifs')),
                ('participation_degree', models.CharField(blank=True, choices=[('informes', 'informées'), ('consultes', 'consultées'), ('associes', 'associées'), ('codecident', 'codécident'), ('pilotent', 'pilotent')], max_length=12, verbose_name='place des personnes')),
                ('participation', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='comment les personnes y prennent part')),
                ('decisions', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='qui a décidé quoi')),
                ('trades', models.CharField(blank=True, max_length=300, verbose_name='métiers engagés')),
                ('participants_band', models.CharField(blank=True, max_length=20, verbose_name='nombre de participants')),
                ('time_granted_by', models.CharField(blank=True, max_length=300, verbose_name='qui a accordé ce temps')),
                ('means', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='moyens')),
                ('budget_band', models.CharField(blank=True, max_length=20, verbose_name='budget')),
                ('funding', models.CharField(blank=True, max_length=300, verbose_name='financements')),
                ('effects', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='ce que cela a changé')),
                ('effects_people', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='effets pour les personnes')),
                ('effects_professionals', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='effets pour les professionnels')),
                ('effects_territory', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='effets pour l’institution et le territoire')),
                ('proof', models.CharField(blank=True, choices=[('declare', 'déclaré'), ('observe', 'observé par l’équipe'), ('parole', 'parole des personnes'), ('bilan', 'bilan écrit'), ('evaluation', 'évaluation externe')], max_length=12, verbose_name='sorte de preuve')),
                ('if_again', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='si c’était à refaire')),
                ('conditions', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(20000)], verbose_name='conditions pour commencer')),
                ('hosting', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, verbose_name='on peut vous accueillir')),
                ('doubts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, verbose_name='ce dont on n’est pas sûr')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fiches', models.ManyToManyField(blank=True, to='guide.fiche', verbose_name='fiches utilisées')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='initiatives.initiative')),
                ('methods', models.ManyToManyField(blank=True, to='guide.method', verbose_name='méthodes')),
                ('organisation_kind', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.organisationkind', verbose_name='sorte d’organisation')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.territory', verbose_name='commune principale')),
                ('publics', models.ManyToManyField(blank=True, to='initiatives.public', verbose_name='publics')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text='A comma-separated list of tags.', through='initiatives.TaggedVersion', to='initiatives.Tag', verbose_name='étiquettes')),
                ('themes', models.ManyToManyField(blank=True, to='initiatives.theme', verbose_name='thèmes')),
            ],
            options={
                'verbose_name': 'version',
                'ordering': ['initiative', '-number'],
            },
        ),
        migrations.CreateModel(
            name='TimeShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('role', models.CharField(max_length=120, verbose_name='fonction')),
                ('hours_a_month', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='heures par mois')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_rows', to='initiatives.version')),
            ],
            options={
                'verbose_name': 'temps par fonction',
                'verbose_name_plural': 'temps par fonction',
                'ordering': ['position', 'pk'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='taggedversion',
            name='content_object',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='initiatives.version'),
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('title', models.CharField(max_length=300, verbose_name='titre')),
                ('url', models.URLField(blank=True, max_length=600, verbose_name='adresse')),
                ('date', models.CharField(blank=True, max_length=40, verbose_name='date')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_rows', to='initiatives.version')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['position', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('name', models.CharField(max_length=200, verbose_name='partenaire')),
                ('role', models.CharField(blank=True, max_length=300, verbose_name='rôle')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_rows', to='initiatives.version')),
            ],
            options={
                'verbose_name': 'partenaire',
                'verbose_name_plural': 'partenaires',
                'ordering': ['position', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ObstacleMet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('text', models.TextField(validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name='ce qui a coincé')),
                ('lifted', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name='comment on s’en est sorti')),
                ('obstacle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='met', to='initiatives.obstacle')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_rows', to='initiatives.version')),
            ],
            options={
                'verbose_name': 'frein rencontré',
                'verbose_name_plural': 'freins rencontrés',
                'ordering': ['position', 'pk'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='initiative',
            name='public_version',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='public_of', to='initiatives.version'),
        ),
        migrations.AddField(
            model_name='case',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='initiatives.version'),
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('key', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=40)),
                ('uses', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'mot du catalogue',
                'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['key'], name='word_near', opclasses=['gist_trgm_ops'])],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('initiative', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='initiatives.initiative')),
                ('vector', django.contrib.postgres.search.SearchVectorField()),
                ('terms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=160))),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list)),
                ('verified_on', models.DateField(null=True)),
                ('title_key', models.CharField(max_length=160)),
            ],
            options={
                'verbose_name': 'entrée du catalogue',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['vector'], name='entry_vector'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['terms'], name='entry_terms'), models.Index(fields=['-verified_on', '-initiative'], name='entry_recent')],
            },
        ),
        migrations.AddConstraint(
            model_name='authorship',
            constraint=models.UniqueConstraint(fields=('initiative', 'person'), name='author_once'),
        ),
        migrations.AddIndex(
            model_name='move',
            index=models.Index(condition=models.Q(('told_at', None)), fields=['id'], name='move_untold'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('initiative', 'number'), name='version_number_once'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(condition=models.Q(('frozen_at', None)), fields=('initiative',), name='one_working_version_a_sheet', violation_error_message='Une version de cette fiche est déjà en cours d’écriture.'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('end_year', None), ('start_year', None), ('end_year__gte', models.F('start_year')), _connector='OR'), name='version_years_in_order', violation_error_message='L’année de fin ne peut pas précéder l’année de début.'),
        ),
        migrations.AddIndex(
            model_name='initiative',
            index=models.Index(fields=['status', '-verified_on'], name='sheet_status'),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('published', 'stale', 'archived')), _negated=True), ('public_version__isnull', False), _connector='OR'), name='public_sheet_has_public_version'),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=models.Q(('slug__in', ['brouillons', 'communes', 'flux', 'mes-initiatives', 'moderation', 'pdf', 'proposer', 'suivi']), _negated=True), name='sheet_slug_not_reserved', violation_error_message='Cette adresse est réservée au site.'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['status', 'territory', 'received_at'], name='case_queue'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('received', 'claimed', 'changes_requested', 'waiting_third_party')), models.Q(('kind', 'report'), _negated=True)), fields=('initiative',), name='one_open_case_a_sheet', violation_error_message='Un dossier est déjà ouvert pour cette fiche.'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'claimed'), _negated=True), models.Q(('claim_expires_at__isnull', False), ('claimed_by__isnull', False)), _connector='OR'), name='claimed_case_has_claimant'),
        ),
    ]
