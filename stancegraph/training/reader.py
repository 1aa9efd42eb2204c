"""Trains the encoder and the light heads on all token-level tasks at once.

Every batch mixes windows of all corpora; each loss is taken over those tokens for which a corpus has the layer. The
tree is scored as in Dozat and Manning (2017, "Deep Biaffine Attention for Neural Dependency Parsing"); coreference
links words, not spans, after Dobrovolskii (2021, "Word-Level Coreference Resolution").
"""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from stancegraph.corpora import UNKNOWN, AnnotatedText
from stancegraph.pipeline.attribution import DISTANCE_BUCKETS, LANDMARKS, ROLE_LABELS, distance_bucket, landmarks
from stancegraph.pipeline.encoder import GAPS, SHAPES, PieceReader, gaps_of
from stancegraph.pipeline.lemmas import apply_edit


@dataclass(frozen=True)
class ReaderSettings:
    """Settings of one training run; a run is reproduced by its settings on the same machine type."""

    epochs: int = 6
    batch_pieces: int = 4096
    window: int = 250
    encoder_rate: float = 1.2e-4
    head_rate: float = 1e-3
    warmup: float = 0.08
    dropout: float = 0.1
    arc_width: int = 256
    label_width: int = 96
    pair_width: int = 160
    link_width: int = 128
    full_scheme_copies: int = 2
    sentence_share: float = 0.2
    flat_share: float = 0.1
    links: float = 0.8
    seed: int = 20231


@dataclass
class Labels:
    """The label sets, in the order of the heads' outputs."""

    tag: list[str]
    pos: list[str]
    morph: list[str]
    lemma: list[str]
    dep: list[str]
    name: list[str]
    known_lemmas: list[str]

    @classmethod
    def of(cls, texts: Sequence[AnnotatedText]) -> Labels:
        """Collect the labels of the training texts; rare morphologies and lemma edits are left out."""

        def collect(layer: str, least: int) -> list[str]:
            counts = Counter(v for t in texts for v in (getattr(t, layer) or ()) if v is not None)
            return sorted(v for v, n in counts.items() if n >= least)

        return cls(
            collect("tags", 1), collect("pos", 1), collect("morphs", 4), collect("lemma_rules", 3),
            collect("deps", 2), collect("names", 1), _known_lemmas(texts),
        )  # fmt: skip


def _known_lemmas(texts: Sequence[AnnotatedText]) -> list[str]:
    edits = (edit for t in texts if t.lemma_rules for edit in zip(t.words, t.lemma_rules, strict=True))
    counts = Counter(apply_edit(word, rule) for word, rule in edits)
    return sorted(lemma for lemma, n in counts.items() if n > 1 and lemma.isalpha() and lemma.islower())


class Reader(nn.Module):
    """The encoder and all heads over its token vectors."""

    def __init__(self, bert: BertModel, labels: Labels, settings: ReaderSettings) -> None:
        super().__init__()
        h = bert.config.hidden_size
        self.bert = bert
        self.shapes = nn.Embedding(len(SHAPES), h)
        self.gaps = nn.Embedding(len(GAPS), h)
        nn.init.normal_(self.shapes.weight, std=0.01)
        nn.init.normal_(self.gaps.weight, std=0.01)
        self.drop = nn.Dropout(settings.dropout)
        s = settings
        self.heads = nn.ModuleDict(
            {
                "tag": nn.Linear(h, len(labels.tag)),
                "pos": nn.Linear(h, len(labels.pos)),
                "morph": nn.Linear(h, len(labels.morph)),
                "lemma": nn.Linear(h, len(labels.lemma)),
                "start": nn.Linear(h, 2),
                "arc_child": nn.Linear(h, s.arc_width),
                "arc_parent": nn.Linear(h, s.arc_width),
                "dep_child": nn.Linear(h, s.label_width),
                "dep_parent": nn.Linear(h, s.label_width),
                "name": nn.Linear(h, len(labels.name)),
                "name_other": nn.Linear(h, len(labels.name)),  # corpora with other guidelines; it does not ship
                "cue": nn.Linear(h, 3),
                "cue_full": nn.Linear(h, 3),
                "role_any": nn.Linear(h, len(ROLE_LABELS)),
                "role_cue_first": nn.Linear(h, s.pair_width),
                "role_cue_last": nn.Linear(h, s.pair_width, bias=False),
                "role_token": nn.Linear(h, s.pair_width, bias=False),
                "role_out": nn.Linear(s.pair_width, len(ROLE_LABELS)),
                "link_query": nn.Linear(h, s.link_width),
                "link_key": nn.Linear(h, s.link_width),
                "link_none": nn.Linear(h, 1),
            }
        )
        self.arc = nn.Parameter(torch.zeros(s.arc_width + 1, s.arc_width))
        self.dep = nn.Parameter(torch.zeros(len(labels.dep), s.label_width + 1, s.label_width + 1))
        nn.init.xavier_uniform_(self.arc)
        nn.init.normal_(self.dep, std=0.02)
        self.role_distance = nn.Embedding(DISTANCE_BUCKETS, s.pair_width)
        self.role_landmarks = nn.ModuleDict({k: nn.Embedding(2 * n + 1, s.pair_width) for k, n in LANDMARKS.items()})
        for table in self.role_landmarks.values():
            nn.init.zeros_(table.weight)
        self.link_distance = nn.Embedding(DISTANCE_BUCKETS, 1)

    def vectors(self, ids: Tensor, shapes: Tensor, gaps: Tensor, firsts: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the vector of each word, of shape (windows, words, width)."""
        embedded = self.bert.embeddings.word_embeddings(ids) + self.shapes(shapes) + self.gaps(gaps)
        hidden = self.bert(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        return hidden.gather(1, firsts.unsqueeze(-1).expand(-1, -1, hidden.shape[-1]))


class ExportedEncoder(nn.Module):
    """The part of the reader that becomes the ONNX network."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, shapes: Tensor, gaps: Tensor, firsts: Tensor) -> Tensor:
        """Return the vectors of the words."""
        return self.reader.vectors(ids, shapes, gaps, firsts)


# --- windows of the corpora ------------------------------------------------------------------------------------------


@dataclass
class Window:
    """A stretch of one text with its labels as indices; `UNKNOWN` where a layer is missing."""

    inputs: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    layers: dict[str, np.ndarray]
    sentence: np.ndarray
    cues: list[tuple[int, int, np.ndarray]]
    chains: np.ndarray
    marks: np.ndarray


class WindowMaker:
    """Turns annotated texts into windows; text-level arrays are made once."""

    def __init__(
        self, texts: Sequence[AnnotatedText], labels: Labels, pieces: PieceReader, settings: ReaderSettings
    ) -> None:
        self._size, self._pieces, self._settings = settings.window, pieces, settings
        self._texts = texts
        ids = {f: {v: i for i, v in enumerate(getattr(labels, f))} for f in ("tag", "pos", "morph", "lemma", "dep", "name")}
        self._made = [self._arrays(t, ids) for t in texts]

    def _arrays(self, t: AnnotatedText, ids: dict[str, dict[str, int]]) -> dict[str, Any]:
        n = len(t.offsets)
        words = t.words

        def layer(values: Sequence[Any] | None, index: dict[str, int] | None = None) -> np.ndarray:
            if values is None:
                return np.full(n, UNKNOWN)
            return np.array([UNKNOWN if v is None else index.get(v, UNKNOWN) if index else int(v) for v in values])

        cue = np.full(n, UNKNOWN if t.attributions is None else 0)
        for a in sorted(t.attributions or [], key=lambda a: a.cue[0] - a.cue[1]):
            cue[a.cue[0]] = 1
            cue[a.cue[0] + 1 : a.cue[1]] = 2
        any_role = np.full(n, UNKNOWN if t.attributions is None or t.full_scheme else 0)
        if t.attributions is not None and not t.full_scheme:
            for a in t.attributions:
                _paint(any_role, a, 0, n)
        chains = np.full(n, UNKNOWN)
        chains[t.singletons] = 0
        for k, chain in enumerate(t.chains):
            taken = Counter(int(chains[i]) for i in chain if chains[i] > 0)
            free = [i for i in chain if chains[i] <= 0]
            chains[free] = max(taken, key=lambda c: (taken[c], -c)) if taken else k + 1
        blank = np.full(n, UNKNOWN)
        return {
            "words": words,
            "gaps": gaps_of(t.text, t.offsets),
            "lengths": [len(self._pieces.pieces(w)) for w in words],
            "layers": {
                "tag": layer(t.tags, ids["tag"]), "pos": layer(t.pos, ids["pos"]), "morph": layer(t.morphs, ids["morph"]),
                "lemma": layer(t.lemma_rules, ids["lemma"]), "start": layer(t.sentence_starts),
                "dep": layer(t.deps, ids["dep"]), "head": layer(t.heads),
                "name": layer(t.names if t.uner else None, ids["name"]),
                "name_other": layer(None if t.uner else t.names, ids["name"]),
                "cue": blank if t.full_scheme else cue, "cue_full": cue if t.full_scheme else blank, "role_any": any_role,
            },
            "sentence": np.cumsum(layer(t.sentence_starts)) if t.sentence_starts else np.full(n, -1),
            "attributions": t.attributions or [],
            "chains": chains,
        }  # fmt: skip

    def epoch(self, rng: random.Random) -> list[Window]:
        """Cut every text anew, at random places; some into single sentences, some without their capitals."""
        out, s = list[Window](), self._settings
        for text, made in zip(self._texts, self._made, strict=True):
            for _ in range(s.full_scheme_copies if text.full_scheme else 1):
                alone = (text.attributions and not text.full_scheme) or (text.uner and text.deps)
                if alone and rng.random() < s.sentence_share:
                    out += self._sentences(made, flat_gaps=rng.random() < 0.5)
                else:
                    out += list(self._cut(made, rng))
            if text.names is not None and text.deps is not None and rng.random() < s.flat_share:
                out += [_without_capitals(w) for w in self._cut(made, rng)]
        rng.shuffle(out)
        return out

    def _sentences(self, made: dict[str, Any], *, flat_gaps: bool) -> list[Window]:
        """Cut a text into sentences, as those read it who score sentences alone: also as words with spaces between all."""
        words, gaps, begin, out = made["words"], made["gaps"], 0, list[Window]()
        sentence = made["sentence"] if (made["sentence"] >= 0).all() else None
        flat = made | {"gaps": [4] + [1] * (len(gaps) - 1)} if flat_gaps else made
        for i in range(1, len(words) + 1):
            ended = i == len(words) or gaps[i] in (2, 3) or (words[i - 1] in ".?!" and words[i] not in _CLOSING)
            ended = ended or (i > 1 and words[i - 1] in _CLOSING and words[i - 2] in ".?!")
            ended = i == len(words) or sentence[i] != sentence[i - 1] if sentence is not None else ended
            if ended or sum(made["lengths"][begin:i]) >= self._size - 16:
                if i - begin >= 2:
                    out.append(self._window(flat, begin, i))
                begin = i
        return out

    def _cut(self, made: dict[str, Any], rng: random.Random) -> Iterator[Window]:
        lengths, begin = made["lengths"], 0
        room = rng.randint(self._size // 3, self._size)
        while begin < len(lengths):
            end, used = begin, 0
            while end < len(lengths) and (end == begin or used + lengths[end] <= room):
                used += lengths[end]
                end += 1
            if end - begin >= 4:
                yield self._window(made, begin, end)
            begin, room = end, self._size

    def _window(self, made: dict[str, Any], begin: int, end: int) -> Window:
        layers = {k: v[begin:end].copy() for k, v in made["layers"].items()}
        head = layers["head"] - begin
        sentence = made["sentence"][begin:end]
        outside = (head < 0) | (head >= end - begin) | (layers["head"] == UNKNOWN)
        if (sentence >= 0).all() and len(sentence):  # a sentence cut by the window's edge has no whole tree
            cut = np.zeros(end - begin, bool)
            full = made["sentence"]
            if begin > 0 and full[begin - 1] == sentence[0]:
                cut |= sentence == sentence[0]
            if end < len(full) and full[end] == sentence[-1]:
                cut |= sentence == sentence[-1]
            outside |= cut
        layers["head"] = np.where(outside, UNKNOWN, head)
        layers["dep"] = np.where(outside, UNKNOWN, layers["dep"])
        cues = []
        for a in made["attributions"]:
            if begin <= a.cue[0] and a.cue[1] <= end:
                roles = np.zeros(end - begin, dtype=np.int64)
                if a.sources is None:
                    roles[:] = UNKNOWN  # painted below for the content; elsewhere only "not content" is known
                _paint(roles, a, begin, end)
                cues.append((a.cue[0] - begin, a.cue[1] - 1 - begin, roles))
        words, gaps = made["words"][begin:end], made["gaps"][begin:end]
        inputs = self._pieces.window(words, gaps)
        return Window(inputs, layers, sentence, cues, made["chains"][begin:end], landmarks(words, gaps))


_CLOSING = frozenset("\"\u201d'\u2019)")


def _without_capitals(window: Window) -> Window:
    ids, shapes, gaps, firsts = window.inputs
    flat = np.where(np.isin(shapes, [SHAPES.index(s) for s in ("title", "capitals", "mixed", "initial")]), 0, shapes)
    untagged = {"tag": np.full_like(window.layers["tag"], UNKNOWN)}  # NNP and NN differ in nothing but capitals
    return replace(window, inputs=(ids, flat, gaps, firsts), layers=window.layers | untagged)


def _paint(roles: np.ndarray, a: Attribution_, begin: int, end: int) -> None:
    if a.sources is None:
        lo = max(0, min(a.cue[0], *(b for b, _ in a.contents)) - 60 - begin)
        roles[lo : a.cue[1] + 60 - begin] = 0
        near = range(max(0, a.cue[0] - 15 - begin), max(0, min(len(roles), a.cue[1] + 8 - begin)))
        roles[list(near)] = UNKNOWN  # the unnamed source may stand here
    for spans, first in ((a.sources or [], 1), (a.contents, 3)):
        for b, e in spans:
            for i in range(max(b, begin), min(e, end)):
                roles[i - begin] = first if i == b else first + 1


Attribution_ = Any


@dataclass
class Batch:
    """Windows side by side, padded."""

    ids: Tensor
    shapes: Tensor
    gaps: Tensor
    mask: Tensor
    firsts: Tensor
    words: Tensor
    layers: dict[str, Tensor]
    sentence: Tensor
    cue_index: Tensor
    cue_roles: Tensor
    chains: Tensor
    marks: Tensor


def _pad(rows: Sequence[np.ndarray], value: int) -> Tensor:
    out = np.full((len(rows), max(len(r) for r in rows)), value, dtype=np.int64)
    for i, r in enumerate(rows):
        out[i, : len(r)] = r
    return torch.from_numpy(out)


def collate(windows: Sequence[Window]) -> Batch:
    """Put windows side by side."""
    cue_index = [(i, first, last) for i, w in enumerate(windows) for first, last, _ in w.cues]
    n = max(len(w.sentence) for w in windows)
    roles = [np.pad(r, (0, n - len(r)), constant_values=UNKNOWN) for w in windows for *_, r in w.cues]
    ids = _pad([w.inputs[0] for w in windows], 0)
    return Batch(
        ids, _pad([w.inputs[1] for w in windows], 5), _pad([w.inputs[2] for w in windows], 0),
        (_pad([np.ones(len(w.inputs[0]), dtype=np.int64) for w in windows], 0)),
        _pad([w.inputs[3] for w in windows], 0), _pad([np.ones(len(w.sentence), dtype=np.int64) for w in windows], 0),
        {k: _pad([w.layers[k] for w in windows], UNKNOWN) for k in windows[0].layers},
        _pad([w.sentence for w in windows], -2),
        torch.tensor(cue_index, dtype=torch.long).reshape(-1, 3),
        torch.from_numpy(np.array(roles, dtype=np.int64).reshape(-1, n)),
        _pad([w.chains for w in windows], UNKNOWN),
        torch.stack([_pad([w.marks[k] for w in windows], 0) for k in range(len(LANDMARKS))], 1),
    )  # fmt: skip


# --- losses ----------------------------------------------------------------------------------------------------------

_FLAT = {"tag": 0.5, "pos": 0.3, "morph": 0.3, "lemma": 0.3, "start": 0.7, "name": 2.0, "name_other": 0.7, "cue": 2.0,
         "cue_full": 1.5, "role_any": 1.0}  # fmt: skip


def losses(reader: Reader, batch: Batch, link_weight: float) -> dict[str, Tensor]:
    """Return the weighted loss of every task that the batch has labels for."""
    x = reader.drop(reader.vectors(batch.ids, batch.shapes, batch.gaps, batch.firsts, batch.mask)).float()
    out = {}
    for name, weight in _FLAT.items():
        gold = batch.layers[name]
        if (gold != UNKNOWN).any():
            logits = reader.heads[name](x)
            out[name] = weight * functional.cross_entropy(logits.flatten(0, 1), gold.flatten(), ignore_index=UNKNOWN)
    out |= _tree_losses(reader, batch, x) | _role_loss(reader, batch, x) | _link_loss(reader, batch, x, link_weight)
    return out


def _with_one(x: Tensor) -> Tensor:
    return torch.cat([x, torch.ones_like(x[..., :1])], -1)


def arc_scores(reader: Reader, x: Tensor) -> Tensor:
    """Return scores of shape (…, child, parent); a word that is its own parent is a root."""
    child = _with_one(functional.relu(reader.heads["arc_child"](x)))
    parent = functional.relu(reader.heads["arc_parent"](x))
    return child @ reader.arc @ parent.transpose(-1, -2)


def _tree_losses(reader: Reader, batch: Batch, x: Tensor) -> dict[str, Tensor]:
    heads = batch.layers["head"]
    rows = (heads != UNKNOWN).any(1)
    if not rows.any():
        return {}
    x, heads, sentence = x[rows], heads[rows], batch.sentence[rows]
    scores = arc_scores(reader, x).masked_fill(sentence.unsqueeze(2) != sentence.unsqueeze(1), -1e4)
    arc = functional.cross_entropy(scores.flatten(0, 1), heads.flatten(), ignore_index=UNKNOWN)
    known = (heads != UNKNOWN) & (batch.layers["dep"][rows] != UNKNOWN)
    child = _with_one(functional.relu(reader.heads["dep_child"](x)))[known]
    parents = _with_one(functional.relu(reader.heads["dep_parent"](x)))
    parent = parents.gather(1, heads.clamp(min=0).unsqueeze(-1).expand_as(parents))[known]
    projected = torch.einsum("nc,lcp->nlp", child, reader.dep)
    logits = torch.einsum("nlp,np->nl", projected, parent)
    return {"arc": 1.5 * arc, "dep": 0.7 * functional.cross_entropy(logits, batch.layers["dep"][rows][known])}


def role_scores(reader: Reader, x: Tensor, cue_index: Tensor, marks: Tensor) -> Tensor:
    """Return the scores of every word's role for every cue, of shape (cues, words, roles)."""
    rows, first, last = cue_index.unbind(1)
    cue = reader.heads["role_cue_first"](x[rows, first]) + reader.heads["role_cue_last"](x[rows, last])
    token = reader.heads["role_token"](x)
    at = torch.arange(x.shape[1])
    bucket = torch.from_numpy(distance_bucket((at[None] - first[:, None]).numpy()))
    hidden = cue[:, None] + token[rows] + reader.role_distance(bucket)
    for k, (name, n) in enumerate(LANDMARKS.items()):
        counts = marks[rows, k]
        steps = (counts - counts.gather(1, first[:, None])).clamp(-n, n) + n
        hidden = hidden + reader.role_landmarks[name](steps)
    hidden = functional.relu(hidden)
    return reader.heads["role_out"](hidden) + reader.heads["role_any"](x)[rows]


def _role_loss(reader: Reader, batch: Batch, x: Tensor) -> dict[str, Tensor]:
    if not len(batch.cue_index):
        return {}
    scores = role_scores(reader, x, batch.cue_index, batch.marks)
    return {"role": 4.0 * functional.cross_entropy(scores.flatten(0, 1), batch.cue_roles.flatten(), ignore_index=UNKNOWN)}


def _link_loss(reader: Reader, batch: Batch, x: Tensor, weight: float) -> dict[str, Tensor]:
    chains = batch.chains
    if not (chains != UNKNOWN).any():
        return {}
    at = torch.arange(x.shape[1])
    scores = reader.heads["link_query"](x) @ reader.heads["link_key"](x).transpose(-1, -2)
    scores = scores / math.sqrt(reader.heads["link_key"].out_features)
    bucket = torch.from_numpy(distance_bucket((at[None] - at[:, None]).numpy()))
    scores = scores + reader.link_distance(bucket).squeeze(-1)
    scores = scores.masked_fill((at[None, None] >= at[None, :, None]) | (batch.words[:, None] == 0), -1e4)
    none = reader.heads["link_none"](x)
    every = torch.logsumexp(torch.cat([none, scores], -1), -1)
    same = (chains.unsqueeze(2) == chains.unsqueeze(1)) & (chains.unsqueeze(2) > 0) & (at[None, None] < at[None, :, None])
    linked = same.any(-1)
    right = torch.where(linked, torch.logsumexp(scores.masked_fill(~same, -1e4), -1), none.squeeze(-1))
    known = chains != UNKNOWN
    return {"link": weight * (every - right)[known].mean()}


# --- training --------------------------------------------------------------------------------------------------------


def train(
    texts: Sequence[AnnotatedText],
    encoder: Path,
    pieces: PieceReader,
    settings: ReaderSettings,
    checkpoint: Path,
    start: Path | None = None,
) -> tuple[Reader, Labels]:
    """Train a reader on the texts, writing a checkpoint after each epoch and resuming from one if it is there.

    Args:
        texts: The annotated texts.
        encoder: Folder of the pretrained encoder.
        pieces: Its vocabulary.
        settings: Settings of the run.
        checkpoint: File for the state of the run.
        start: Checkpoint of an earlier run whose weights this one starts from.
    """
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)
    labels = Labels.of(texts)
    bert = BertModel.from_pretrained(encoder, add_pooling_layer=False, attention_probs_dropout_prob=0.0)
    reader = Reader(bert, labels, settings)
    if start is not None:
        reader.load_state_dict(torch.load(start, weights_only=False)["reader"], strict=False)
    maker = WindowMaker(texts, labels, pieces, settings)
    steps = len(batches(maker.epoch(random.Random(0)), settings.batch_pieces, random.Random(0))) * settings.epochs
    encoder_weights = [*reader.bert.parameters(), *reader.shapes.parameters(), *reader.gaps.parameters()]
    inner = {id(p) for p in encoder_weights}
    groups = [
        {"params": encoder_weights, "lr": settings.encoder_rate, "weight_decay": 0.01},
        {"params": [p for p in reader.parameters() if id(p) not in inner], "lr": settings.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, fused=True, betas=(0.9, 0.98))
    warm = max(1, int(steps * settings.warmup))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.02, (steps - s) / max(1, steps - warm)))
    )
    first_epoch = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        reader.load_state_dict(state["reader"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        first_epoch = state["epoch"] + 1
        for _ in range(first_epoch):
            batches(maker.epoch(rng), settings.batch_pieces, rng)
    for epoch in range(first_epoch, settings.epochs):
        _epoch(reader, batches(maker.epoch(rng), settings.batch_pieces, rng), optimizer, schedule, settings, epoch)
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        torch.save(
            {"reader": reader.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(),
             "epoch": epoch}, checkpoint,
        )  # fmt: skip
    return reader, labels


def batches(windows: Sequence[Window], pieces: int, rng: random.Random) -> list[list[Window]]:
    """Group windows of like length, at most so many pieces together, in random order."""
    made, current, longest = list[list[Window]](), list[Window](), 0
    for window in sorted(windows, key=lambda w: len(w.inputs[0]) + rng.random() * 40):
        longest = max(longest, len(window.inputs[0]))
        if current and longest * (len(current) + 1) > pieces:
            made.append(current)
            current, longest = [], len(window.inputs[0])
        current.append(window)
    made.append(current)
    rng.shuffle(made)
    return made


def _epoch(
    reader: Reader,
    made: Sequence[Sequence[Window]],
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    settings: ReaderSettings,
    epoch: int,
) -> None:
    reader.train()
    started, sums = time.monotonic(), Counter[str]()
    for n, windows in enumerate(made):
        with torch.autocast("cpu", torch.bfloat16):
            parts = losses(reader, collate(windows), settings.links)
        total = torch.stack([p.float() for p in parts.values()]).sum()
        total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 2.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        sums.update({k: float(v.detach()) for k, v in parts.items()})
        if n % 20 == 19 or n + 1 == len(made):
            shown = " ".join(f"{k} {v / (n % 20 + 1):.3f}" for k, v in sorted(sums.items()))
            print(
                f"epoch {epoch + 1} step {n + 1}/{len(made)} {time.monotonic() - started:.0f}s {shown}",
                flush=True,
            )
            sums.clear()
