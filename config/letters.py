"""The demo's mailbox: every letter the site wrote, read on the site itself. Served in DEMO only (config/urls.py)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.models import Letter

LETTERS_A_PAGE = 30


def mailbox(request: HttpRequest) -> HttpResponse:
    address = request.GET.get("adresse", "").strip()[:254]
    letters = Letter.objects.filter(to__icontains=address) if address else Letter.objects.all()
    page = Paginator(letters.defer("body"), LETTERS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "demo/mailbox.html", {"page": page, "address": address})


def letter(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "demo/letter.html", {"letter": get_object_or_404(Letter, pk=pk)})
