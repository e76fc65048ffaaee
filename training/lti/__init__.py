"""Essaim inside a learning platform, by LTI 1.3: docs/moodle.md says how it looks, docs/decisions/0020 why it is so."""
