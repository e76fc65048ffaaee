from training.lti.views.arrival import arrival
from training.lti.views.courses import course
from training.lti.views.launch import choose, chosen, keys_set, launch, login
from training.lti.views.platforms import home, new_platform, platform, register

__all__ = [
    "arrival",
    "choose",
    "chosen",
    "course",
    "home",
    "keys_set",
    "launch",
    "login",
    "new_platform",
    "platform",
    "register",
]
