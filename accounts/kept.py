"""A text sent after the session ended: kept on the server, in the anonymous session, until its writer signs in again.

The session survives signing in and dies with signing out. The form carries its writer's signed mark
(`{% writer_mark %}`): on a shared computer, whoever signs in next never reads what somebody else was writing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase, QueryDict

KEPT = "kept_texts"
WRITER = "writer"
MAX_SIGNS = 250_000
MAX_TEXTS, MAX_IN_ALL = 20, 3 * MAX_SIGNS
# A cookie of the browser, not of the person: what is typed there is kept nowhere in it (docs/decisions/0009).
SHARED_COMPUTER = "shared_computer"

type View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """Like `login_required`, and what was being sent is kept for when the person comes back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            if keep(request):
                messages.info(
                    request, "Votre session était terminée. Votre texte est gardé : connectez-vous pour le retrouver."
                )
            else:
                messages.warning(
                    request,
                    "Votre session était terminée, et ce texte est trop long pour être gardé : "
                    "revenez en arrière pour le copier avant de vous connecter.",
                )
        return redirect_to_login(request.path)

    return guarded


def keep(request: HttpRequest, path: str = "") -> bool:
    """Put aside what was posted at this address, or for another; False when it is too long."""
    path = path or request.path
    posted = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    left = MAX_IN_ALL - _length(posted)
    if _length(posted) > MAX_SIGNS:
        return False
    texts = {path: posted}
    for other, text in reversed(request.session.get(KEPT, {}).items()):
        left -= _length(text)
        if left < 0 or len(texts) == MAX_TEXTS:
            break
        texts.setdefault(other, text)
    request.session[KEPT] = dict(reversed(texts.items()))
    return True


def _length(posted: dict[str, list[str]]) -> int:
    return sum(len(name) + sum(map(len, values)) for name, values in posted.items())


def mark_of(person_id: object) -> str:
    """The writer's mark a form carries, so that its text comes back to that person alone."""
    return Signer(salt=KEPT).sign(str(person_id))


def is_by(posted: dict[str, list[str]], person_id: object) -> bool:
    try:
        return Signer(salt=KEPT).unsign((posted.get(WRITER) or [""])[0]) == str(person_id)
    except BadSignature:
        return False


def kept(request: HttpRequest, path: str = "") -> QueryDict | None:
    """What was put aside at this address, or for another, by the person who is here now, as it was posted."""
    path = path or request.path
    return dict(under(request, path)).get(path)


def under(request: HttpRequest, path: str) -> list[tuple[str, QueryDict]]:
    """What this person put aside for an address and for each of its windows (`address#window`), the last one last."""
    found = []
    for place, posted in request.session.get(KEPT, {}).items():
        if place.partition("#")[0] == path.partition("#")[0] and is_by(posted, request.user.pk):
            data = QueryDict(mutable=True)
            for name, values in posted.items():
                data.setlist(name, values)
            found.append((place, data))
    return found


def forget(request: HttpRequest, path: str = "") -> None:
    texts = request.session.get(KEPT, {})
    if texts.pop(path or request.path, None) is not None:
        request.session[KEPT] = texts


def is_shared(request: HttpRequest | None) -> bool:
    """Whether somebody said that this computer is shared."""
    return request is not None and request.COOKIES.get(SHARED_COMPUTER) == "1"
