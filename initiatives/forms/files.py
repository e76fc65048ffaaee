"""The screen « Images et documents »: files are received first, then described; one that isn't described isn't shown.

What is received waits below with its questions (`Upload.objects.to_describe`), so that an error in a text never asks to
choose a file again, and a file that isn't kept never costs a text. Posted names are flat (`image-12-credit`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.messages import ERROR, INFO, SUCCESS
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from accounts.models import Person
from guide.french import typeset
from initiatives.files import NotKept, keeping
from initiatives.forms.fields import NOT_OFFERED, Line, Prose, asked
from initiatives.models import Attachment, Picture, Upload, Version
from initiatives.models.choices import Agreed, Depth
from initiatives.steps import Step
from initiatives.trame.outline import Ask
from initiatives.trame.questions import ask_of

MAX_PICTURES, MAX_DOCUMENTS = 10, 5
CHOSEN = "files"
ACCEPTED = ".jpg,.jpeg,.png,.webp,.pdf,image/jpeg,image/png,image/webp,application/pdf"

GOOD = "Six femmes, de dos, épluchent des légumes autour d’une grande table."
NO_ALTERNATIVE = "Décrivez l’image en une phrase, ou cochez « Elle n’apporte pas d’information »."
TWO_ANSWERS = "Vous décrivez l’image, et vous dites qu’elle n’apporte pas d’information : gardez l’un des deux."
NO_CREDIT = "Dites qui a fait {}, par exemple « L’équipe du centre social »."
NO_AGREEMENT = "Dites si l’on reconnaît quelqu’un, et qui a donné son accord."
NOT_AGREED = "Un document qui nomme des personnes ne se publie qu’avec leur accord. Cochez, ou retirez-le."
NO_TITLE = "Donnez un titre au document : c’est lui que l’on lira."


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class Chosen(forms.Field):
    """Files chosen on the device: they are received beside the form, whatever the answers are."""

    widget = ManyFiles(attrs={"accept": ACCEPTED, "data-max-bytes": keeping.MAX_BYTES})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class Place(forms.IntegerField):
    """Where a file stands among its like; left empty, it stays where it is."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return data not in (None, "") and super().has_changed(initial, data)


@dataclass(frozen=True)
class Asked:
    """A file with its questions."""

    form: FilesForm
    upload: Upload
    row: Picture | Attachment | None
    number: int

    @property
    def name(self) -> str:
        return f"{'image' if self.is_image else 'document'}-{self.upload.pk}"

    @property
    def is_image(self) -> bool:
        return self.upload.kind == Upload.Kind.IMAGE

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self.form[f"{self.name}-{question}"] for question in self.fields()]

    @property
    def removal(self) -> forms.BoundField:
        return self.form[f"{self.name}-remove"]

    def answer(self, question: str) -> Any:
        return self.form.cleaned_data.get(f"{self.name}-{question}")

    def fields(self) -> dict[str, forms.Field]:
        """Its questions; an image and a document have their own."""
        which = f"{'de l’image' if self.is_image else 'du document'} {self.number}"
        # What is still to be described comes last.
        place = {} if self.row is None else {"position": self._order(which)}
        credit = asked(
            Line(label=f"Crédit {which}", max_length=200, help_text="Qui l’a faite, ou qui l’a fait. Pas de nom "
                 "d’une personne accompagnée."),
            needed=True, counter=False,
        )  # fmt: skip
        if self.is_image:
            return {
                "alternative": asked(
                    Line(
                        label=f"Ce que montre l’image {self.number}", max_length=300,
                        help_text="Une phrase, pour qui ne la voit pas.",
                    ),
                    good=GOOD if self.number == 1 else "",
                    bad="Photo atelier 3." if self.number == 1 else "",
                    needed=True,
                ),
                "decorative": asked(
                    forms.BooleanField(label="Elle n’apporte pas d’information"), mark_optional=False
                ),
                "caption": asked(Line(label=f"Légende de l’image {self.number}", max_length=300), counter=False),
                "credit": credit,
                "agreed": asked(
                    forms.ChoiceField(
                        label=f"Les personnes sur l’image {self.number}", widget=forms.RadioSelect,
                        choices=[(value, label[:1].upper() + label[1:]) for value, label in Agreed.choices],
                        error_messages={"invalid_choice": NOT_OFFERED},
                    ),
                    needed=True,
                ),
                **place,
            }  # fmt: skip
        return {
            "title": asked(Line(label=f"Titre {which}", max_length=200), needed=True, counter=False),
            "description": asked(
                Prose(
                    label=f"Ce que dit le document {self.number}", max_length=2000, widget=forms.Textarea({"rows": 3}),
                    help_text="Quelques lignes, pour qui ne l’ouvre pas.",
                )
            ),
            "credit": credit,
            "agreed": asked(forms.BooleanField(label="Toutes les personnes nommées sont d’accord"), needed=True),
            **place,
        }  # fmt: skip

    def _order(self, which: str) -> forms.Field:
        return asked(
            Place(
                label=f"Place {which}", min_value=1, max_value=99,
                error_messages={"invalid": "Écrivez un nombre.", "min_value": "Écrivez un nombre à partir de 1."},
            ),
            small=True, mark_optional=False,
        )  # fmt: skip

    def place(self) -> tuple[int, int, int]:
        """Where it goes: before the one that had its new place when it goes up, after it when it goes down."""
        wanted = self.answer("position") or self.number
        return wanted, (wanted > self.number) - (wanted < self.number), self.number

    @property
    def stored(self) -> dict[str, Any]:
        names = [name for name in self.fields() if name != "position"]
        return {name: getattr(self.row, name) for name in names} if self.row else {}

    @property
    def is_begun(self) -> bool:
        """Something was answered: a file received and left without a word isn't shown, and nothing is wrong."""
        return self.row is not None or any(self.answer(name) for name in self.fields() if name != "position")


class FilesForm(forms.Form):
    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None, *, version: Version) -> None:
        self.version = version
        super().__init__(data)
        self.fields[CHOSEN] = asked(
            Chosen(
                label="Choisir des images ou des documents",
                help_text="Plusieurs à la fois si vous voulez. Images JPEG, PNG ou WebP, documents PDF : 10 Mo au plus "
                f"chacun, {MAX_PICTURES} images et {MAX_DOCUMENTS} documents au plus.",
            ),
            mark_optional=False,
        )
        waiting = list(Upload.objects.to_describe(version).order_by("at", "pk"))
        self.pictures = self._asked(list(version.picture_rows.all()), waiting, Upload.Kind.IMAGE)
        self.documents = self._asked(list(version.attachment_rows.all()), waiting, Upload.Kind.DOCUMENT)

    def _asked(self, rows: list[Any], waiting: list[Upload], kind: str) -> list[Asked]:
        shown = [(row.upload, row) for row in rows] + [(upload, None) for upload in waiting if upload.kind == kind]
        found = [Asked(self, upload, row, number) for number, (upload, row) in enumerate(shown, 1)]
        for each in found:
            stored = each.stored
            for name, field in each.fields().items():
                field.initial = each.number if name == "position" else stored.get(name)
                self.fields[f"{each.name}-{name}"] = field
            what = f"l’image {each.number}" if each.is_image else f"le document {each.number}"
            self.fields[f"{each.name}-remove"] = asked(forms.BooleanField(label=f"Retirer {what}"), mark_optional=False)
        return found

    @property
    def asked_for(self) -> list[Asked]:
        return [*self.pictures, *self.documents]

    @property
    def waiting(self) -> list[Asked]:
        return [each for each in self.asked_for if each.row is None]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for each in self.asked_for:
            if each.answer("remove"):
                for name in each.fields():
                    self.errors.pop(f"{each.name}-{name}", None)
            elif each.is_begun:
                self._complete(each)
        return data

    def _complete(self, each: Asked) -> None:
        """All it needs to be shown."""

        def lacks(question: str, why: str) -> None:
            name = f"{each.name}-{question}"
            if name not in self.errors:
                self.add_error(name, typeset(why))

        if each.is_image:
            if each.answer("alternative") and each.answer("decorative"):
                lacks("decorative", TWO_ANSWERS)
            elif not each.answer("alternative") and not each.answer("decorative"):
                lacks("alternative", NO_ALTERNATIVE)
            if not each.answer("agreed"):
                lacks("agreed", NO_AGREEMENT)
        else:
            if not each.answer("title"):
                lacks("title", NO_TITLE)
            if not each.answer("agreed"):
                lacks("agreed", NOT_AGREED)
        if not each.answer("credit"):
            lacks("credit", NO_CREDIT.format("cette image" if each.is_image else "ce document"))

    def save(self) -> None:
        for kind, found in ((Picture, self.pictures), (Attachment, self.documents)):
            self._write(kind, [each for each in found if each.is_begun and not each.answer("remove")])
        removed = [each for each in self.asked_for if each.answer("remove")]
        shown = [each.row.pk for each in removed if each.row]
        Picture.objects.filter(pk__in=shown, version=self.version, upload__kind=Upload.Kind.IMAGE).delete()
        Attachment.objects.filter(pk__in=shown, version=self.version, upload__kind=Upload.Kind.DOCUMENT).delete()
        keeping.take_off([each.upload for each in removed], self.version)

    def _write(self, kind: Any, found: list[Asked]) -> None:
        for position, each in enumerate(sorted(found, key=Asked.place)):
            answers = {name: each.answer(name) for name in each.fields() if name != "position"}
            kind.objects.update_or_create(
                version=self.version, upload=each.upload, defaults={**answers, "position": position}
            )


def receive(version: Version, files: MultiValueDict[str, UploadedFile[bytes]], by: Person) -> list[tuple[int, str]]:
    """Keep what was chosen, to be described on the screen; (level, sentence) for each thing to say."""
    said: list[tuple[int, str]] = []
    received = 0
    for file in files.getlist(CHOSEN):
        name = keeping.legible(file.name or "")
        try:
            if (file.size or 0) > keeping.MAX_BYTES:
                raise NotKept(keeping.TOO_HEAVY)
            content = file.read()
            _room_for(version, keeping.kind_of(content) if content else "")
            upload = keeping.receive(version.initiative, by, name, content)
        except NotKept as why:
            said.append((ERROR, f"« {name} » n’est pas ajouté : {why}"))
            continue
        if Upload.objects.filter(pk=upload.pk).shown_by(Version.objects.filter(pk=version.pk)).exists():
            said.append((INFO, f"« {name} » est déjà dans la fiche."))
        else:
            received += 1
    if received:
        one = "Fichier reçu : décrivez-le ci-dessous, puis enregistrez."
        several = f"{received} fichiers reçus : décrivez-les ci-dessous, puis enregistrez."
        said.append((SUCCESS, one if received == 1 else several))
    return said


def _room_for(version: Version, kind: str) -> None:
    shown = Upload.objects.filter(kind=kind)
    count = shown.to_describe(version).count() + shown.shown_by(Version.objects.filter(pk=version.pk)).count()
    if kind == Upload.Kind.IMAGE and count >= MAX_PICTURES:
        raise NotKept(f"une fiche montre {MAX_PICTURES} images au plus. Retirez-en une d’abord, et enregistrez.")
    if kind == Upload.Kind.DOCUMENT and count >= MAX_DOCUMENTS:
        raise NotKept(f"une fiche joint {MAX_DOCUMENTS} documents au plus. Retirez-en un d’abord, et enregistrez.")


def files_form(version: Version, data: QueryDict | None) -> FilesForm:
    return FilesForm(data, version=version)


def save(version: Version, form: forms.BaseForm, by: Person) -> None:
    assert isinstance(form, FilesForm)
    form.save()


def on_paper() -> list[list[Ask]]:
    """The questions of one image, then of one document: the files themselves are sent or handed with the sheet."""
    form = FilesForm.__new__(FilesForm)
    found = []
    for kind, label, text in (
        (Upload.Kind.IMAGE, "Images", f"{MAX_PICTURES} au plus. Décrivez ici la première, les autres sur une feuille "
         "libre. Dites à la coordination comment vous lui remettrez les fichiers."),
        (Upload.Kind.DOCUMENT, "Documents", f"{MAX_DOCUMENTS} documents PDF au plus. Décrivez ici le premier, les "
         "autres sur une feuille libre."),
    ):  # fmt: skip
        asks = [ask_of(field) for field in Asked(form, Upload(kind=kind), None, 1).fields().values()]
        found.append([Ask(label, help=text), *asks])
    return found


STEP = Step(
    slug="images",
    position=220,
    title="Images et documents",
    lede="Une image fait entrer dans la pièce, un document montre le travail. Les deux se demandent aux personnes.",
    template="initiatives/_step_images.html",
    form=files_form,
    save=save,
    receive=receive,
    fields=("picture", "attachment", "upload"),
    skippable=True,
    reading="initiatives/_reading_files.html",
    depth=Depth.CAPITALISATION,
    questions=(("picture",), ("attachment",)),
    on_paper=on_paper,
)
