import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Method',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('kind', models.CharField(choices=[('method', 'méthode'), ('approach', 'démarche associée')], max_length=10)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('acronym', models.CharField(blank=True, max_length=20, verbose_name='sigle')),
                ('also_known_as', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list)),
                ('in_brief', models.CharField(max_length=220, verbose_name='en bref')),
                ('definition', models.TextField(verbose_name='définition')),
                ('details', models.JSONField(default=dict, help_text='purpose, scale, origin, steps, tools, actors, when, when_not, time, cautions, differences, example, sources: as in guide/content/methods/*.toml')),
            ],
            options={
                'verbose_name': 'méthode',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='SynonymGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120))),
            ],
            options={
                'verbose_name': 'groupe de synonymes',
            },
        ),
        migrations.CreateModel(
            name='Fiche',
            fields=[
                ('number', models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name='numéro')),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('part', models.CharField(choices=[('reperes', 'Repères : sens, notions et cadre'), ('methodes', 'Méthodes d’intervention collective'), ('mise-en-oeuvre', 'Mettre en œuvre')], max_length=20, verbose_name='partie')),
                ('see_also', models.ManyToManyField(blank=True, to='guide.fiche')),
            ],
            options={
                'verbose_name': 'fiche',
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='FicheVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('title', models.CharField(max_length=120, verbose_name='titre')),
                ('title_status', models.CharField(default='working', max_length=12, verbose_name='état du titre')),
                ('subject', models.CharField(default='likely', max_length=12, verbose_name='le sujet dans le guide du HCTS')),
                ('summary', models.TextField(verbose_name='en bref')),
                ('body', models.TextField(verbose_name='texte (Markdown)')),
                ('sections', models.JSONField(default=list, help_text='[{id, title, html}], made at publication', verbose_name='sections')),
                ('terms', models.JSONField(default=list, help_text='slugs of glossary terms found in the text', verbose_name='termes définis')),
                ('sources', models.JSONField(default=list, help_text='[{id, title, url}]', verbose_name='sources')),
                ('updated_on', models.DateField(verbose_name='date')),
                ('change_note', models.CharField(max_length=300, verbose_name='ce qui a changé')),
                ('origin', models.CharField(choices=[('file', 'fichier du dépôt'), ('editor', 'édition en ligne')], default='file', max_length=8)),
                ('status', models.CharField(choices=[('published', 'publiée'), ('pending', 'proposée')], default='published', max_length=10)),
                ('digest', models.CharField(blank=True, help_text='of the file it came from', max_length=64)),
                ('fiche', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='guide.fiche')),
            ],
            options={
                'verbose_name': 'version d’une fiche',
                'ordering': ['fiche', '-number'],
            },
        ),
        migrations.AddField(
            model_name='fiche',
            name='current',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='current_of', to='guide.ficheversion'),
        ),
        migrations.AddField(
            model_name='fiche',
            name='methods',
            field=models.ManyToManyField(blank=True, related_name='fiches', to='guide.method'),
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('name', models.CharField(max_length=120, verbose_name='terme')),
                ('aliases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list)),
                ('definition', models.TextField(verbose_name='définition')),
                ('status', models.CharField(choices=[('usual', 'courant'), ('preferred', 'préféré'), ('former', 'ancien'), ('contested', 'discuté')], default='usual', max_length=10)),
                ('note', models.TextField(blank=True, verbose_name='positions')),
                ('certainty', models.CharField(default='etabli', max_length=10)),
                ('sources', models.JSONField(default=list)),
                ('see_also', models.ManyToManyField(blank=True, to='guide.term')),
            ],
            options={
                'verbose_name': 'terme',
                'ordering': ['slug'],
            },
        ),
        migrations.AddConstraint(
            model_name='ficheversion',
            constraint=models.UniqueConstraint(fields=('fiche', 'number'), name='fiche_version_once'),
        ),
    ]
