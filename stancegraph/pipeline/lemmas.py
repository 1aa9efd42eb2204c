"""Lemmas as edits of the word: which ending to take off and which to put on.

The edit is what the network predicts, so that words it has never seen get a lemma too. After the lemma rules of UDPipe
(Straka et al. 2016, "UDPipe: Trainable Pipeline for Processing CoNLL-U Files").
"""

from __future__ import annotations


def edit_rule(form: str, lemma: str) -> str:
    """Return the rule that turns `form` into `lemma`: `case|cut|added`, or `case|=|lemma` when nothing is shared."""
    case = "keep" if lemma[:1].isupper() else "lower"
    low_form, low_lemma = form.lower(), lemma.lower()
    shared = 0
    while shared < min(len(low_form), len(low_lemma)) and low_form[shared] == low_lemma[shared]:
        shared += 1
    if shared == 0:
        return f"{case}|=|{lemma}"
    return f"{case}|{len(form) - shared}|{lemma[shared:]}"


def apply_edit(form: str, rule: str) -> str:
    """Return the lemma that `rule` makes of `form`; the form itself where the rule asks for more letters than it has."""
    case, cut, added = rule.split("|", 2)
    if cut == "=":
        return added
    if int(cut) >= len(form):
        return form if case == "keep" else form.lower()
    stem = form[: len(form) - int(cut)]
    return (stem if case == "keep" else stem.lower()) + added
