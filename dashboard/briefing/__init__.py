"""Briefings: findings put together as a PDF, slides and a bundle of files.

`document` says what a briefing is, `pdf`, `slides` and `bundle` write it. What is found out, and
for which template, is in `services.briefing`.
"""
