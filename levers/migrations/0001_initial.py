import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('guide', '0001_initial'),
        ('initiatives', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Framework',
            fields=[
                ('slug', models.SlugField(primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('short_title', models.CharField(max_length=60)),
                ('source', models.TextField()),
                ('year', models.CharField(blank=True, max_length=20)),
                ('notice', models.TextField(blank=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'référentiel',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Lever',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('title', models.CharField(max_length=250, verbose_name='titre')),
                ('short', models.CharField(max_length=40, verbose_name='nom court')),
                ('description', models.TextField()),
                ('figures', models.CharField(blank=True, max_length=200, verbose_name='chiffres cités')),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='levers', to='levers.framework')),
            ],
            options={
                'verbose_name': 'levier',
                'ordering': ['framework', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('number', models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name='numéro')),
                ('status', models.CharField(choices=[('stated', 'énoncée par la synthèse'), ('isolated', 'isolée d’une proposition composée (découpage éditorial)')], max_length=10, verbose_name='statut')),
                ('official_number', models.CharField(blank=True, max_length=10, verbose_name='numéro officiel')),
                ('short_title', models.CharField(max_length=120, verbose_name='titre court')),
                ('wording', models.TextField(verbose_name='formulation de la source')),
                ('bullet', models.PositiveSmallIntegerField(verbose_name='puce de la synthèse')),
                ('bullet_part', models.CharField(blank=True, max_length=40)),
                ('explanation', models.TextField(verbose_name='explication')),
                ('reasoning', models.TextField(blank=True, verbose_name='pourquoi nous l’isolons')),
                ('confidence', models.CharField(blank=True, max_length=10, verbose_name='confiance')),
                ('fiches', models.ManyToManyField(blank=True, related_name='proposals', to='guide.fiche')),
                ('lever', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='levers.lever')),
            ],
            options={
                'verbose_name': 'proposition',
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Mapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('sentence', models.TextField(validators=[django.core.validators.MaxLengthValidator(400)], verbose_name='phrase de preuve')),
                ('origin', models.CharField(choices=[('author', 'proposé par l’équipe'), ('coordinator', 'ajouté à la relecture'), ('editorial', 'lecture éditoriale d’une source publique')], default='author', max_length=12)),
                ('status', models.CharField(choices=[('proposed', 'proposé'), ('validated', 'retenu'), ('rejected', 'écarté')], default='proposed', max_length=10)),
                ('strength', models.CharField(choices=[('direct', 'direct'), ('indirect', 'indirect'), ('counter_example', 'contre-exemple')], default='direct', max_length=16)),
                ('lever', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mappings', to='levers.lever')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_rows', to='initiatives.version')),
                ('proposal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mappings', to='levers.proposal')),
            ],
            options={
                'verbose_name': 'appui',
                'verbose_name_plural': 'appuis',
                'ordering': ['lever__number', 'proposal', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Crosswalk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('strength', models.CharField(max_length=10)),
                ('reason', models.TextField()),
                ('lever', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='crosswalks', to='levers.lever')),
                ('meets', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='met_by', to='levers.lever')),
                ('proposals', models.ManyToManyField(blank=True, to='levers.proposal')),
            ],
            options={
                'verbose_name': 'rapprochement',
            },
        ),
        migrations.AddConstraint(
            model_name='lever',
            constraint=models.UniqueConstraint(fields=('framework', 'number'), name='lever_once'),
        ),
        migrations.AddConstraint(
            model_name='mapping',
            constraint=models.UniqueConstraint(fields=('version', 'lever', 'proposal'), name='mapping_once', nulls_distinct=False, violation_error_message='Cet appui est déjà indiqué.'),
        ),
    ]
