"""Letters about sheets: one function a letter; `tell_moves` turns the journal's untold lines into letters."""


def tell_moves() -> int:
    return 0
