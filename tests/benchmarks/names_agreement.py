"""How far an annotator agrees with the names of uner-ewt-dev: `python tests/benchmarks/names_agreement.py --data ../shared`.

`ewt-dev-names-blind.tsv` holds the names that an annotator (a language model under the same written instructions as the
project's own training labels) marked in the same sentences without seeing the set's: sentence, first word, word after the
last, label, words. Scored like the pipeline's, it is about as far as a model trained on such labels can come. It is never
trained on. The words are those of UD_English-EWT (CC BY-SA 4.0).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from stancegraph.corpora import NAME_LABELS
from stancegraph.evaluation.names import Name, figures, named_sentences

BLIND = Path(__file__).parent / "ewt-dev-names-blind.tsv"


def blind() -> dict[int, set[Name]]:
    """Return the annotator's names by the number of their sentence, from 1."""
    found: dict[int, set[Name]] = {}
    for line in BLIND.read_text(encoding="utf8").splitlines():
        sentence, start, end, label, _ = line.split("\t")
        found.setdefault(int(sentence), set()).add((int(start), int(end), NAME_LABELS[label] or ""))
    return found


def main() -> None:
    """Print precision, recall and F1 of the annotator against the set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    sentences = list(named_sentences(parser.parse_args().data / "data/ner/uner-ewt-dev.iob2"))
    marked = blind()
    print(json.dumps(figures((marked.get(n, set()), s.names) for n, s in enumerate(sentences, 1)), indent=1))


if __name__ == "__main__":
    main()
