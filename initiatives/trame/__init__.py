"""The trame: the questions of the screens on paper, to fill with a pen or on a computer, then typed by a coordination.

`questions.outline()` reads the forms into neutral words; `pdf` and `odt` write them; `making` keeps what is made.
"""
