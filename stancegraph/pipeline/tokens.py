"""Cuts texts into words as Universal Dependencies does, where spaCy's English tokenizer does it otherwise.

"non-profit" and "e-mail" are one word, "long-term" is three; marks that repeat, "!!!" or "=====", are one.
"""

from __future__ import annotations

from collections.abc import Callable

import spacy
from spacy.lang.char_classes import ALPHA, HYPHENS
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

from stancegraph.pipeline.words import word_list

_HYPHEN_IN_A_WORD = rf"(?<=[{ALPHA}0-9])(?:{HYPHENS})(?=[{ALPHA}])"
_REPEATED = (r"[!?]{2,}", r"={2,}", r"_{2,}", r"\*{2,}", r"<{2,}", r">{2,}", r"~{2,}", r"#{2,}")


WORDS = "stancegraph.words.v1"


def blank() -> Language:
    """Return a pipeline that does nothing but cut texts into words."""
    return spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": WORDS}}})


@registry.tokenizers(WORDS)  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """Return the function that makes a pipeline's tokenizer."""
    return make_tokenizer


def make_tokenizer(nlp: Language) -> Tokenizer:
    """Return the tokenizer for a pipeline."""
    words = word_list("tokens")
    after_no_prefix = "".join(rf"(?<!\b(?i:{prefix}))" for prefix in sorted(words["prefixes"]))
    infixes = [i for i in nlp.Defaults.infixes or () if i != _HYPHEN_IN_A_WORD]
    repeated = [f"(?:{mark})" for mark in _REPEATED]
    infix = compile_infix_regex([*infixes, after_no_prefix + _HYPHEN_IN_A_WORD])
    prefix = compile_prefix_regex([*repeated, *(nlp.Defaults.prefixes or ())])
    suffix = compile_suffix_regex([*repeated, *(nlp.Defaults.suffixes or ())])
    made = registry.tokenizers.get("spacy.Tokenizer.v1")()(nlp)
    made.prefix_search, made.suffix_search, made.infix_finditer = prefix.search, suffix.search, infix.finditer
    for abbreviation in words["abbreviations"]:
        made.add_special_case(abbreviation, [{"ORTH": abbreviation}])
    return made
