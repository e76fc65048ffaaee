"""Find: from the home page to a sheet and the fiche that helps, as a colleague who types fast does."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_from_a_typo_to_a_sheet_and_a_fiche(visitor):
    someone = visitor()
    page = someone.page
    someone.goes("/")
    someone.has_title("Ce que le collectif change")
    someone.looks()

    # A word misspelt, and without its accents.
    someone.main.get_by_label("Chercher une initiative").fill("epicrie solidaire")
    someone.presses("Chercher")
    someone.reads("Résultats pour")
    shown = number(someone)
    assert shown > 0

    # A facet narrows, its chip takes it back; the address says it all.
    facets = page.locator("#facets")
    box = facets.get_by_role("checkbox").first
    name = box.get_attribute("name")
    before = page.url
    box.check()
    expect(page).to_have_url(re.compile(f"[?&]{name}="))
    chips = page.get_by_role("list", name="Filtres choisis")
    expect(chips.get_by_role("listitem")).not_to_have_count(0)
    narrowed, shared = number(someone), page.url
    assert 0 < narrowed <= shown
    someone.looks()
    colleague = visitor()
    colleague.goes(shared)
    assert number(colleague) == narrowed
    chips.get_by_role("link").last.click()
    expect(page).not_to_have_url(re.compile(f"[?&]{name}="))
    expect(page.locator("#count")).to_have_text(re.compile(rf"^{shown}\b"))
    assert before.partition("?")[0] == page.url.partition("?")[0]
    page.go_back()
    expect(page.locator("#count")).to_have_text(re.compile(rf"^{narrowed}\b"))

    # A sheet, then a fiche that helps.
    page.locator(".results").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/initiatives/[a-z0-9-]+/$"))
    someone.looks()
    someone.main.locator("a[href^='/guide/fiches/']").first.click()
    expect(page).to_have_url(re.compile(r"/guide/fiches/\d+/$"))
    someone.looks()


def test_the_list_is_asked_again_in_place(visitor):
    """Boxes, words, title, count and address move together; nothing is lost, and the count is heard once."""
    someone = visitor()
    page = someone.page
    someone.goes("/initiatives/")
    page.evaluate(HEARD)
    # A long facet is searched without its accents; the box one ticks there keeps the focus, and the facet stays open.
    facet = page.locator("#facette-theme")
    facet.get_by_text("Voir tout").click()
    facet.get_by_label("Chercher dans : Thème").fill("SANTE")
    expect(facet.get_by_role("checkbox")).to_have_count(1)
    facet.get_by_label("Chercher dans : Thème").fill("")
    last = page.locator("#plus-theme [type=checkbox]").last
    value = last.get_attribute("value")
    last.focus()
    page.wait_for_timeout(700)
    page.evaluate("() => window.heard.length = 0")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(f"theme={value}"))
    expect(page).to_have_title(re.compile(r"^Initiatives : .+ – Essaim$"))
    expect(page.locator(f"#facets [value='{value}']")).to_be_focused()
    expect(page.locator("#plus-theme")).to_have_attribute("open", "")
    expect(page.locator("#live")).to_have_text(page.locator("#count").inner_text())
    page.wait_for_timeout(200)
    assert page.evaluate("() => window.heard") == [page.locator("#count").inner_text()]
    one = number(someone)
    # A cell of the map ticks the box of its département, and takes it away.
    cell = page.locator(".hexmap a").first
    cell.click()
    expect(page).to_have_url(re.compile(f"theme={value}&departement="))
    expect(page.locator(".hexmap .selected")).to_have_count(1)
    someone.looks()
    page.locator(".hexmap .selected").click()
    expect(page).not_to_have_url(re.compile("departement="))
    expect(page.locator(".hexmap .selected")).to_have_count(0)
    # Back and forth: the boxes are those of the address, from here and from another page.
    page.go_back()
    expect(page.locator(".hexmap .selected")).to_have_count(1)
    page.go_back()
    expect(page.locator("#facets :checked[type=checkbox]")).to_have_count(1)
    expect(page.locator("#count")).to_have_text(re.compile(rf"^{one}\b"))
    page.go_back()
    expect(page.locator("#facets :checked[type=checkbox]")).to_have_count(0)
    page.go_forward()
    expect(page.locator("#facets :checked[type=checkbox]")).to_have_count(1)
    page.locator(".results").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/initiatives/[a-z0-9-]+/$"))
    page.go_back()
    expect(page.locator(f"#facets [value='{value}']")).to_be_checked()
    expect(page.get_by_role("navigation", name="Menu principal")).to_be_visible()


def test_steps_back_in_haste_end_where_the_address_says(visitor):
    """Each step asks for its page: an answer that comes late is for an address one has left."""
    someone = visitor()
    page = someone.page
    someone.goes("/initiatives/")
    themes = page.locator("#facette-theme [type=checkbox]")
    for turn in range(3):
        themes.nth(turn).check()
        expect(page).to_have_url(re.compile(rf"(theme=[^&]+&?){{{turn + 1}}}$"))
    late = []
    page.route(re.compile(r"/initiatives/\?.*theme"), lambda route: late.append(route))
    with page.expect_request(re.compile(r"theme=[^&]+&theme=[^&]+$")):
        page.evaluate("() => history.back()")
    page.evaluate("() => { history.back(); history.back(); }")
    expect(page.locator("#facets :checked[type=checkbox]")).to_have_count(0)
    assert late
    for route in late:
        route.fulfill(response=route.fetch())
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    expect(page.locator("#facets :checked[type=checkbox]")).to_have_count(0)


def test_when_the_network_fails_one_is_told_and_goes_on(visitor):
    someone = visitor()
    page = someone.page
    someone.goes("/initiatives/")
    asked = re.compile(r"/initiatives/\?")
    page.route(asked, lambda route: route.abort())
    page.locator("#facets [name=theme]").first.check()
    expect(page.locator("#results")).to_contain_text("La liste n’a pas pu être mise à jour.")
    expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator(".results li").first).to_be_visible()
    page.unroute(asked)
    page.get_by_role("link", name="Réessayer").click()
    expect(page).to_have_url(re.compile("theme="))
    expect(page.locator("#facets [name=theme]:checked")).to_have_count(1)
    assert someone.complaints
    someone.complaints.clear()  # the browser said that a request failed, and that was the point


def test_nothing_found_says_what_to_drop(visitor):
    someone = visitor()
    someone.goes("/initiatives/?q=hélicoptère&departement=62")
    someone.reads("0 initiative", "Aucune initiative connue avec tout cela")


def test_the_whole_site_answers_isic(visitor):
    someone = visitor()
    someone.goes("/recherche/?q=ISIC")
    someone.looks()
    someone.main.locator("a[href^='/guide/glossaire/#']").first.click()
    expect(someone.page).to_have_url(re.compile("/guide/glossaire/"))
    someone.looks()


def test_what_every_site_owes(visitor):
    someone = visitor()
    for path in (
        "/guide/", "/guide/original/", "/guide/methodes/", "/guide/methodes/travail-social-de-groupe/", "/leviers/",
        "/freins/1/", "/aide/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/securite/",
        "/statistiques/", "/compte/inscription/", "/compte/mot-de-passe/oublie/", "/compte/lien/", "/nulle-part/",
        "/demo/courrier/",
    ):  # fmt: skip
        someone.goes(path)
        someone.looks()


def test_by_the_keyboard_alone(visitor):
    someone = visitor()
    page = someone.page
    someone.goes("/")
    # The first key offers to skip what every page repeats, and does it.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#contenu")).to_be_focused()
    page.keyboard.press("Tab")
    field = page.locator("#q")
    expect(field).to_be_focused()
    page.keyboard.type("jardin")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=jardin"))
    # Wherever one is, one sees it; and one gets to the first result.
    for _ in range(150):
        page.keyboard.press("Tab")
        there = page.evaluate("() => document.activeElement.closest('.results') !== null")
        assert page.evaluate(SEEN), page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
        if there:
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/initiatives/[a-z0-9-]+/$"))


def test_files_are_kept_by_browsers_and_never_taken_for_pages(visitor):
    someone = visitor()
    someone.goes("/")
    sheet = someone.page.locator("link[rel=stylesheet]").first.get_attribute("href")
    answer = someone.context.request.get(sheet)
    assert answer.ok
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_without_javascript(visitor):
    someone = visitor(javascript=False)
    page = someone.page
    someone.goes("/")
    someone.main.get_by_label("Chercher une initiative").fill("epicrie")
    someone.presses("Chercher")
    someone.reads("Résultats pour")
    shown = number(someone)
    box = page.locator("#facets").get_by_role("checkbox").first
    name = box.get_attribute("name")
    box.check()
    someone.presses("Appliquer les filtres")
    expect(page).to_have_url(re.compile(f"[?&]{name}="))
    assert 0 < number(someone) <= shown
    page.get_by_role("list", name="Filtres choisis").get_by_role("link").last.click()
    expect(page).not_to_have_url(re.compile(f"[?&]{name}="))
    assert number(someone) == shown
    page.locator(".results").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/initiatives/[a-z0-9-]+/$"))
    someone.main.locator("a[href^='/guide/fiches/']").first.click()
    expect(page).to_have_url(re.compile(r"/guide/fiches/\d+/$"))


def number(someone) -> int:
    """How many initiatives the page says it found."""
    found = re.match(r"\d+", someone.page.locator("#count").inner_text())
    assert found
    return int(found[0])


# What holds the focus is drawn: an outline or a shadow, its own or of what it belongs to, on something that has a size.
SEEN = """() => {
  const one = document.activeElement;
  if (one === document.body) return true;
  const box = one.getBoundingClientRect();
  for (let each = one, up = 0; each && up < 4; each = each.parentElement, up++) {
    const style = getComputedStyle(each);
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) return box.width + box.height > 0;
    if (style.boxShadow !== "none" && each === one) return box.width + box.height > 0;
  }
  return false;
}"""
HEARD = """() => {
  const live = document.getElementById("live");
  window.heard = [];
  const listens = new MutationObserver(() => { if (live.textContent) window.heard.push(live.textContent); });
  listens.observe(live, { childList: true, characterData: true, subtree: true });
}"""
