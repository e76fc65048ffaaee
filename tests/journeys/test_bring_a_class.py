"""A centre opened and its trainer named; then a class of thirty brought by a file, in a cohort with its assignment."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta

from playwright.sync_api import expect

from tests import factories

NATIONAL, HEAD, TRAINER = "coordination@essaim.test", "collegue@essaim.test", "formation@essaim.test"
NEWCOMER = "nina@exemple.test"
STUDENTS = 30
FIVE_MINUTES = 300


def test_a_centre_is_opened_headed_and_kept(visitor):
    national = visitor(NATIONAL)
    national.goes("/formation/")
    national.follows("Voir les centres")
    national.looks()
    national.fills("Nom du centre", "École du travail collectif")
    national.fills("SIRET", "732 829 320 00075")
    national.presses("Ouvrir ce centre")
    national.reads("Ce SIRET n’existe pas")
    national.fills("SIRET", "732 829 320 00074")
    national.presses("Ouvrir ce centre")
    national.reads("École du travail collectif", "73282932000074")
    national.goes("/compte/roles/")
    national.follows("Donner un rôle")
    national.fills("Adresse électronique", HEAD)
    national.main.locator("[name=kind]").select_option("centre_head")
    national.main.locator("[name=organisation]").select_option(label="École du travail collectif")
    national.presses("Donner ce rôle")
    expect(national.page).to_have_url(re.compile("/compte/roles/$"))

    head = visitor(HEAD)
    head.goes("/formation/")
    head.looks()
    head.follows("qui y forme")
    head.looks()
    head.follows("Nommer une formatrice")
    head.looks()
    head.fills("Adresse électronique", "sociale@essaim.test")
    head.presses("Nommer cette personne")
    head.reads("Samia")
    head.follows("Nommer une formatrice")
    head.fills("Adresse électronique", NEWCOMER)
    head.presses("Nommer cette personne")
    expect(head.page.locator(".messages")).to_contain_text("invite")
    head.follows("Tenir les fermetures")
    head.presses("Noter cette fermeture")
    head.reads("obligatoire")
    head.fills("Nom de la fermeture", "Fin d’année")
    head.fills("Premier jour", "2026-12-19")
    head.fills("Dernier jour", "2027-01-03")
    head.presses("Noter cette fermeture")
    head.reads("Fin d’année")
    head.follows("École du travail collectif", within=head.page.locator("nav[aria-label*=Fil]"))
    head.follows("Tenir cette liste")
    head.reads("La liste n’est pas entière")
    head.main.locator("[name=code]").fill("C1")
    head.main.locator("[name=label]").fill("Animer un groupe avec les personnes")
    head.presses("Ajouter à la liste")
    head.reads("C1 · Animer un groupe")

    # Who had no account is named when they make one and accept.
    nina = signed_up(visitor, "Nina", NEWCOMER)
    nina.letter(NEWCOMER, "formatrice ou formateur")
    nina.page.goto(re.search(r"/formation/nommer/\S+", nina.main.inner_text())[0])
    nina.reads("vous nomme formatrice")
    nina.presses("Accepter")
    expect(nina.page.locator(".messages")).to_contain_text("Vous formez maintenant")
    nina.looks()


def signed_up(visitor, name, email):
    """Someone who makes an account and confirms its address, on a phone."""
    person = visitor(wide=False)
    person.goes("/compte/inscription/")
    person.fills("Nom affiché", name)
    person.fills("Adresse électronique", email)
    person.main.locator("[name=password1]").fill(factories.PASSWORD)
    person.main.locator("form").filter(has=person.page.locator("[name=password1]")).locator("button").last.click()
    expect(person.page).not_to_have_url(re.compile("/inscription/"))
    person.letter(email, "onfirm")
    person.page.goto(re.search(r"/compte/confirmation/\S+", person.main.inner_text())[0])
    person.main.locator("form button").first.click()
    expect(person.page).not_to_have_url(re.compile("/confirmation/"))
    if "/connexion/" in person.page.url:
        person.fills("Adresse électronique", email)
        person.page.get_by_label("Mot de passe", exact=True).fill(factories.PASSWORD)
        person.presses("Me connecter")
        expect(person.page).not_to_have_url(re.compile("/connexion/"))
    return person


def test_from_nothing_to_an_assignment_for_thirty_in_five_minutes(visitor, tmp_path):
    """Product C1: what a trainer does between an empty page and thirty students who have something to read."""
    lines = ["Nom;Prénom;Adresse e-mail;Groupe"]
    lines += [f"Été{n};Zoé;classe-{n}@exemple.test;TD {n % 2 + 1}" for n in range(STUDENTS - 1)]
    lines += ["Roy;Léa;pas une adresse;TD 1", "Inès;;etudiante@essaim.test;TD 1;;"]
    file = tmp_path / "Classe de première année.csv"
    file.write_bytes("\r\n".join(lines).encode("cp1252"))

    trainer = visitor(TRAINER)
    began = time.monotonic()
    trainer.goes("/formation/promotions/nouvelle/")
    trainer.main.locator("[name=name]").fill("Trente en cinq minutes")
    trainer.main.locator("[name=starts_on]").fill(str(date.today() - timedelta(days=60)))
    trainer.main.locator("[name=ends_on]").fill(str(date.today() + timedelta(days=600)))
    trainer.presses("Ouvrir la promotion")
    trainer.has_title("Trente en cinq minutes")
    cohort = trainer.page.url
    trainer.follows("Apportez une liste")
    trainer.main.get_by_label("Fichier des étudiants").set_input_files(file)
    trainer.presses("Lire ce fichier")
    expect(trainer.main).to_contain_text("30 lignes à faire")
    expect(trainer.main).to_contain_text("Cette adresse n’est pas valable")
    trainer.presses("Faire ces lignes")
    expect(trainer.page.locator("#progress")).to_contain_text("30 lignes faites", timeout=20_000)
    trainer.has_title("La liste est faite")
    trainer.goes(cohort)
    trainer.follows("Donner un devoir")
    trainer.main.locator("[name=title]").fill("Lire en cinq minutes")
    trainer.main.locator("details.chosen:has([name=fiches][value='10']) > summary").click()
    trainer.main.locator("[name=fiches][value='10']").check()
    trainer.main.locator("[name=question]").fill("Où avez-vous vu un groupe décider ?")
    trainer.main.locator("[name=due_on]").fill(str(date.today() + timedelta(days=15)))
    trainer.presses("Donner ce devoir")
    expect(trainer.page).not_to_have_url(re.compile("/nouveau/"))
    assert time.monotonic() - began < FIVE_MINUTES

    trainer.goes(f"{cohort}etudiants/?liste=attendus")
    trainer.reads("classe-0@exemple.test", "TD 1")
    trainer.goes(f"{cohort}etudiants/")
    trainer.reads("Inès")
    trainer.follows("Sous-groupes")
    trainer.looks()
    trainer.follows("TD 2")
    trainer.looks()
    trainer.ticks("Inès")
    trainer.presses("Enregistrer")
    trainer.follows("Supprimer le sous-groupe")
    trainer.reads("1 étudiant y est")

    # One of them makes an account, and is there with their group.
    student = signed_up(visitor, "Zoé", "classe-1@exemple.test")
    student.goes("/formation/")
    student.reads("Lire en cinq minutes")

    # Another refuses, on a phone that runs no script.
    stranger = visitor(javascript=False, wide=False)
    stranger.letter("classe-2@exemple.test", "Votre promotion vous attend")
    stranger.page.goto(re.search(r"/formation/invitations/\S+", stranger.main.inner_text())[0])
    stranger.reads("Refuser cette invitation")
    stranger.presses("Refuser l’invitation")
    stranger.reads("Invitation refusée")
    trainer.goes(f"{cohort}etudiants/?liste=attendus")
    expect(trainer.main).not_to_contain_text("classe-2@")
    expect(trainer.main).not_to_contain_text("classe-1@")

    # The student leaves, and is asked before.
    student.follows("quitter")
    student.reads("Vos notes et vos brouillons restent à vous")
    student.presses("Quitter cette promotion")
    student.reads("mes notes, Trente en cinq minutes")
    student.follows("mes notes,")
    student.looks()
    trainer.goes(f"{cohort}etudiants/?liste=partis")
    trainer.reads("Zoé")
    trainer.follows("Zoé")
    trainer.looks()
    trainer.presses("La faire revenir")
    trainer.reads("Ses sous-groupes")
