"""The browsers where an account is open, in words."""

from django import template

register = template.Library()

# The first that is found: Edge says it is Chrome, and Chrome says it is Safari.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac", "Linux")


@register.filter
def browser(user_agent: str) -> str:
    """« Firefox, sur Linux »."""
    name = next((name for sign, name in BROWSERS.items() if sign in user_agent), "Un navigateur")
    system = next((name for name in SYSTEMS if name in user_agent), "")
    return f"{name}, sur {system}" if system else name
