"""Lemmas as edits of the word: which ending to take off and which to put on.

The edit is what the network predicts, so that words it has never seen get a lemma too. After the lemma rules of UDPipe
(Straka et al. 2016, "UDPipe: Trainable Pipeline for Processing CoNLL-U Files").
"""

from __future__ import annotations

from collections.abc import Container, Sequence

import numpy as np

from stancegraph.pipeline.weights import Floats

FURTHER_RULES = 3
NEARLY_AS_GOOD = 4.0  # difference of scores


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


def best_lemma(form: str, scores: Floats, rules: Sequence[str], known: Container[str]) -> str:
    """Return the lemma of the best rule; of a rule nearly as good where that one makes a known word and the best does not.

    Args:
        form: The word.
        scores: Scores of the rules, shape (rules,).
        rules: The rules.
        known: Lemmas seen in training, in lower case.
    """
    best = np.argsort(-scores, kind="stable")[: FURTHER_RULES + 1]
    lemmas = [apply_edit(form, rules[k]) for k in best if scores[k] > scores[best[0]] - NEARLY_AS_GOOD]
    name = rules[best[0]].startswith("keep")
    return lemmas[0] if name else next((lemma for lemma in lemmas if lemma in known), lemmas[0])
