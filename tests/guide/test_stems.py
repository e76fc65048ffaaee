"""One normaliser for the index and for questions: the forms of a word meet, other words don't."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.stems import _KEYS, STOP, _plain, normal, normals, tokens

# Each group is one word in its forms, as sheets write it and as people type it.
SAME = """
travail travaux | journal journaux | emploi emplois | loi lois | jeu jeux | enjeu enjeux | lieu lieux |
milieu milieux | feu feux | bail baux | local locaux locale locales | social sociale sociaux sociales |
familial familiale familiaux | rural rurale ruraux | hôpital hôpitaux | animal animaux | réseau réseaux |
bureau bureaux | château châteaux | cheveu cheveux | vœu voeu vœux | bijou bijoux | genou genoux | chou choux |
partagé partagée partagés partagées partager partage | isolé isolée isolées isolement isoler |
âgé âgée âgés âgées | réfugié réfugiée réfugiés | exilé exilées | handicapé handicapées handicap |
retraité retraitée retraités retraite | allocataire allocataires | habitant habitante habitants habitantes |
aidant aidante aidants aidantes | éducateur éducatrice éducateurs éducatrices educateur |
animateur animatrice animateurs | médiateur médiatrice médiateurs | formateur formatrice formateurs |
coordinateur coordinatrice | travailleur travailleuse travailleurs travailleuses | chômeur chômeuse chômeurs |
coiffeur coiffeuse | heureux heureuse | nombreux nombreuse nombreuses |
collectif collective collectifs collectives | participatif participative | éducatif éducative |
actif active actifs | sportif sportive | citoyen citoyenne citoyens citoyennes | européen européenne |
ancien ancienne anciens | professionnel professionnelle professionnels professionnelles |
culturel culturelle culturels | personnel personnelle | individuel individuelle | nouveau nouvelle nouveaux |
vieux vieille vieilles | villageois villageoise villageoises | français française françaises |
infirmier infirmière infirmières | ouvrier ouvrière | étranger étrangère étrangers |
conseiller conseillère conseillers | premier première | épicerie épiceries epicerie EPICERIE |
cuisine cuisines cuisiner | jardin jardins jardiner jardinage | atelier ateliers | quartier quartiers |
groupe groupes | repas REPAS | café cafés cafe | vélo vélos velo | œuvre oeuvre œuvres | cœur coeur |
sœur soeur sœurs | mère mères mere | père pères | frère frères | mois MOIS | pays | temps | gens |
logement logements loger | locataire locataires | numérique numériques numerique | famille familles |
jeune jeunes | femme femmes | violence violences | dette dettes |
monoparentale monoparentales monoparental monoparentaux | précaire précaires | solidaire solidaires |
bénévole bénévoles bénévolat | écoute écouter | accueil accueillir accueils | accès acces |
médiation médiations | voyage voyages | mineur mineurs mineure | parent parents | enfant enfants |
personne personnes | association associations | santé sante | été ete | impayé impayés impayée |
inscrit inscrite inscrits | maraîcher maraîchère maraîchers | voisin voisine voisins voisinage | senior seniors |
étudiant étudiante étudiants | assistant assistante assistantes | habitat habitats | espace espaces |
artiste artistes | théâtre théâtres theatre | film films | musique musiques | fête fêtes fete |
marche marches marcher | déchet déchets | légume légumes | projet projets | partenaire partenaires |
commune communes | département départements | région régions | région region | ville villes | village villages |
campagne campagnes | expulsé expulsée expulsion | accompagné accompagnée accompagnement accompagner |
hébergé hébergée hébergement héberger | accueilli accueillie accueillis | détenu détenue détenus |
placé placée placés | aîné aînée aînés |
petit petite petits petites | public publique publics publiques | privé privée privés privées privees |
arrivé arrivée arriver | cultivé cultivée cultiver | tout tous toute toutes | blanc blanche | long longue longues |
neuf neuve | veuf veuve veuves | laïc laïque laïques | interdit interdite interdits | paysan paysanne | fou folle |
identifier identifié identifie identification | vérifier vérifie vérification | étudier étudie étudié |
confier confié confiée | négocier négocie négociation | publier publié publication | oublier oublié |
jouer joué joue jouent | gérer géré gère gérée | voter vote voté | louer loué louée | nager nage | fêter fête |
créer crée créé créent création créations | dépasser dépassé dépassée | croiser croisé croise |
envoyer envoyé envoyée envoi | essayer essai essayé | payer payé payée paie paye | logé logée loger logement |
coordinateur coordonnateur coordinatrice coordonnatrice | soutenir soutient soutiennent soutien soutenu soutenue |
violent violente violence violences | urgent urgente urgence | souffrance souffrances souffrent |
précaire précaires précarité | pauvre pauvres pauvreté | alimentation alimentaire alimentaires |
énergie énergies énergétique | scolaire scolaires scolarité | citoyen citoyenneté | budget budgets budgétaire |
maraîchage maraîcher maraîchère | bricolage bricoler bricolages | compost compostage composteur composter |
parrain parrainage parrainer | migrant migrante migration migrations | errant errante errance |
psychologue psychologie psychologique | autisme autiste autistes | colocation colocataire colocataires |
licencier licenciée licenciement | vieillesse vieillir vieillissement vieillissant | tri trier trié |
matériau matériaux | répit répits | relais relai relayer | délai délais | terrasse terrasses | loyer loyers |
maraude maraudes | tuteur tutrice | laveur laveuse | sourd sourde | muet muette | parental parentale parentaux |
conjugal conjugaux | clé clef clefs | usager usagère usagers
"""
# Words one must not find for the other.
OTHER = """
café caf | mère mer | père per | foyer foi | cours cour | cours course | fois foi | gens gêne | été était |
action acte | livre livret | poste postal | santé sain | parent parer | pays paye | mois moins | homme hommage |
pair père | maire mère | maison mois | main maintien | bail balle | chant champ | culture cultuel |
emploi employeur | jardin jardiland | lien lieu | ville village | rue ruse | film fil | fils fil | conte comte |
aide aidant | art artisan | port porte | port portage | four fournir | mobilité mobilier | habitat habit |
permis permanence | journal jour | centre central | social société | collectif collecte | participation partie |
médiation médiathèque | logement logiciel | bus but | lait laïc | âge agence | sport port | vacances vacant |
colis coller | repas reprise | dette détail | droit adroit | chaleur chalet | peur peu | heure heureux |
honneur honnête | fleur fleuve | valeur valoir | sœur soir | secteur section | secours cours | parole parc |
partage parti | patrimoine patron | police politique | prison prise | vieux vie | école écologie |
éducation édition | enfance enfermer | espace espèce | gratuit gratter | herbe hébergement | moyen mois |
numérique numéro | santé santon | solidaire solitaire | solitude solidaire | table tableau | territoire terre |
vidéo vide | voile voisin | vote votre |
loyer loi | loyer louer | attente attention | concert concertation | données don | équipe équipement |
environ environnement | isolement isolation | format formation | refuge réfugié | référent référence |
permanent permanence | peur peux | répit repérer | relais relier | délai délie | terrasse terre | malaise mal |
allaitement allait | toux tous | français franc | marais mars | mars marie | verger verge | voirie voir |
parlement parler | potage potager | stationnement station | vent vente | sortie sorte | entrée entre |
licence licencier | bénéfice bénéficier | publier public | armée arme | usage usager | course cours |
gard garde | maine main | loire loir | martinique martin | vendée vendez | var varié | calais cale | rennes rennais |
tutelle tutorat | addiction addition | médicament médical | pension pensée | chantier chant | ouvrier ouvrir |
fichier fiche | quartier quart | courrier courir | hôte hôtel | hôpital hospitalité | viol violence | curatelle cure
"""
FORMS = [group.split() for group in SAME.split("|")]
APART = [pair.split() for pair in OTHER.split("|")]


def test_the_table_is_long_enough():
    assert sum(len(forms) - 1 for forms in FORMS) >= 350
    assert len(APART) >= 100


@pytest.mark.parametrize("forms", FORMS, ids=lambda forms: forms[0])
def test_forms_of_a_word_meet(forms):
    assert {one: normal(one) for one in forms} == dict.fromkeys(forms, normal(forms[0]))
    assert normal(forms[0])


def test_a_key_begins_as_its_words_do():
    """Excerpts look for the words that begin with the two letters of a key."""
    words = {_plain(form) for forms in FORMS + APART for form in forms} | set(_KEYS)
    assert not {word: normal(word) for word in words if normal(word) and normal(word)[:2] != word[:2]}


@pytest.mark.parametrize(("one", "other"), APART)
def test_other_words_do_not(one, other):
    assert normal(one) != normal(other)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("l'épicerie", ["epicerie"]),
        ("L’ÉPICERIE d’aujourd’hui", ["epicerie"]),
        ("jusqu'à quelqu’un", []),
        ("socio-culturel", ["socio", "culturel"]),
        ("CCAS/CIAS", ["ccas", "cias"]),
        ("12-17 ans", ["12", "17", "ans"]),
        ("les à même", []),
        ("un été partagé", ["été", "partagé"]),
        ("cafe\u0301 ﬁnancement ＣＡＦ", ["café", "financement", "caf"]),
        ("a b c 1", ["1"]),
        ("😀 ⁂ _", []),
    ],
)
def test_words_of_a_text(text, keys):
    assert normals(text) == [normal(key) for key in keys]


def test_places_are_those_of_the_text_given():
    text = "😀 L’œuvre e\u0301tait là : cœur, ÉPICERIE"
    assert [text[token.start : token.end] for token in tokens(text)] == ["œuvre", "cœur", "ÉPICERIE"]


def test_no_stop_word_has_a_key():
    assert not any(normal(word) for word in STOP)


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    found = list(tokens(text))
    assert [token.key for token in found] == normals(text)
    assert all(token.key.isascii() and token.key.isalnum() for token in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.lists(st.sampled_from([form for forms in FORMS for form in forms]), max_size=8))
def test_accents_case_and_composition_change_nothing(words):
    said = " ".join(words)
    bare = "".join(sign for sign in unicodedata.normalize("NFD", said) if not unicodedata.combining(sign))
    assert normals(said) == normals(said.upper()) == normals(unicodedata.normalize("NFD", said)) == normals(bare)


def test_a_million_signs_are_read_word_by_word():
    assert len(normals("épicerie " * 120_000)) == 120_000
    assert max(map(len, normals("é" * 1_000_000))) <= 80
    assert max(map(len, normals("e\u0301" * 300_000))) <= 80
    normal.cache_clear()
    for number in range(70_000):
        normal(f"mot{number}")
    assert normal.cache_info().currsize <= 65_536
