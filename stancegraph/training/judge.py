"""Trains the network that judges stance, act and target of each attribution in its passage."""

from __future__ import annotations

import json
import math
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from stancegraph.corpora import UNKNOWN, TokenIndex, holder_near, tokenized
from stancegraph.models import Stance
from stancegraph.pipeline.encoder import GAPS, SHAPES, PieceReader, gaps_of
from stancegraph.pipeline.stance import (
    ACTS,
    KINDS,
    LONGEST_TARGET,
    NETWORK_OUTPUTS,
    PASSAGE_ROLES,
    SLOTS,
    STANCES,
    Passage,
    PassageMaker,
)
from stancegraph.pipeline.words import word_list

LEAST_OVERLAP = 1 / 3
_FUNCTION_WORDS = word_list("outcomes")["function_words"]


@dataclass(frozen=True)
class JudgeSettings:
    """Settings of one training run."""

    epochs: int = 3
    batch_pieces: int = 4000
    passage: int = 160
    encoder_rate: float = 1.0e-4
    head_rate: float = 6e-4
    warmup: float = 0.08
    dropout: float = 0.1
    wire_copies: int = 2
    seed: int = 20232


class Judge(nn.Module):
    """The encoder with role embeddings, and heads for each slot."""

    def __init__(self, bert: BertModel, settings: JudgeSettings) -> None:
        super().__init__()
        h = bert.config.hidden_size
        self.bert = bert
        self.shapes = nn.Embedding(len(SHAPES), h)
        self.gaps = nn.Embedding(len(GAPS), h)
        self.roles = nn.Embedding(len(PASSAGE_ROLES), h)
        for table in (self.shapes, self.gaps, self.roles):
            nn.init.normal_(table.weight, std=0.02)
        self.drop = nn.Dropout(settings.dropout)
        self.mix = nn.Linear(3 * h, h)
        self.stance = nn.Linear(h, SLOTS * (len(STANCES) + 1))
        self.act = nn.Linear(h, SLOTS * len(ACTS))
        self.kind = nn.Linear(h, SLOTS * len(KINDS))
        self.edges = nn.Linear(h, SLOTS * 2)
        self.other = nn.Linear(h, SLOTS * 2)
        self.other_edges = nn.Linear(h, SLOTS * 2)

    def forward(
        self,
        ids: Tensor,
        shapes: Tensor,
        gaps: Tensor,
        roles: Tensor,
        firsts: Tensor,
        mask: Tensor | None = None,
    ) -> tuple[Tensor, ...]:
        """Return the answers in the order of `NETWORK_OUTPUTS`: by (windows, slots, classes) or (windows, slots, words)."""
        embedded = self.bert.embeddings.word_embeddings(ids) + self.shapes(shapes) + self.gaps(gaps) + self.roles(roles)
        hidden = self.drop(self.bert(inputs_embeds=embedded, attention_mask=mask).last_hidden_state)
        parts = [hidden[:, 0]]
        for role in (2, 3):
            here = (roles == role).unsqueeze(-1).to(hidden.dtype)
            parts.append((hidden * here).sum(1) / here.sum(1).clamp(min=1.0))
        whole = self.drop(functional.gelu(self.mix(torch.cat(parts, -1))))
        words = hidden.gather(1, firsts.unsqueeze(-1).expand(-1, -1, hidden.shape[-1]))
        edges, other_edges = (layer(words).transpose(1, 2) for layer in (self.edges, self.other_edges))
        return (
            self.stance(whole).unflatten(-1, (SLOTS, -1)),
            self.act(whole).unflatten(-1, (SLOTS, -1)),
            self.kind(whole).unflatten(-1, (SLOTS, -1)),
            edges[:, 0::2],
            edges[:, 1::2],
            self.other(whole).unflatten(-1, (SLOTS, -1)),
            other_edges[:, 0::2],
            other_edges[:, 1::2],
        )


# --- examples --------------------------------------------------------------------------------------------------------


@dataclass
class JudgedPassage:
    """A passage and its gold answers for each slot; `UNKNOWN` where there is none.

    `other` is 1 where the source passes on the position of somebody else, whose words are `other_span`.
    """

    passage: Passage
    stance: list[int]
    act: list[int]
    kind: list[int]
    target: list[tuple[int, int]]
    other: list[int]
    other_span: list[tuple[int, int]]


def _stem(word: str) -> str:
    for ending in (
        "ations",
        "ation",
        "ings",
        "ing",
        "ments",
        "ment",
        "ions",
        "ion",
        "ies",
        "ed",
        "es",
        "s",
        "e",
        "y",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def content_stems(phrase: str) -> frozenset[str]:
    """Return the stems of the words that carry a phrase's meaning."""
    words = re.findall(r"[^\W_]+", phrase.casefold())
    return frozenset(_stem(w) for w in words if w not in _FUNCTION_WORDS) or frozenset(words)


def closest_span(words: Sequence[str], target: str, inside: Sequence[bool]) -> tuple[int, int] | None:
    """Return the words of a passage that say most of a target and little else; None if they share too little with it.

    Ties go to spans in the content, then to shorter and earlier ones.
    """
    gold = content_stems(target)
    stems = [content_stems(w) if re.search(r"\w", w) and w.casefold() not in _FUNCTION_WORDS else frozenset() for w in words]
    useful = [i for i, s in enumerate(stems) if s & gold]
    best: tuple[float, bool, int, int] | None = None
    for i in useful:
        for j in useful:
            if i <= j < i + LONGEST_TARGET:
                said = frozenset[str]().union(*stems[i : j + 1])
                overlap = len(said & gold) / len(said | gold)
                rank = (round(overlap, 6), inside[i], -(j - i), -i)
                if overlap >= LEAST_OVERLAP and (best is None or rank > best):
                    best = rank
    return (-best[3], -best[3] - best[2] + 1) if best else None


def examples(rows: Iterable[dict[str, Any]], reader: PieceReader, size: int) -> Iterator[JudgedPassage]:
    """Yield the judged passages of gold documents.

    Positions of one attribution and one holder share a passage, with those that its source passes on from somebody else.
    """
    for row in rows:
        doc = tokenized(row["id"], row["text"])
        index, words = TokenIndex(doc), doc.words
        maker = PassageMaker(words, gaps_of(doc.text, doc.offsets), reader, size)
        groups: dict[str, list[dict[str, Any]]] = {}
        for p in row["positions"]:
            groups.setdefault(json.dumps([p["cue"], p["evidence"]]), []).append(p)
        for rows in groups.values():
            cue, content = index.all(rows[0]["cue"]), index.all(rows[0]["evidence"])
            if not content:
                continue
            near = holder_near(doc, rows[0]["holder"], (cue or content)[0]) or []
            source = index.all(rows[0]["source"]) if "source" in rows[0] else near
            yield _judged(maker.passage(source, cue, content), words, rows)


def _passed_on(p: dict[str, Any], said: Sequence[str], inside: Sequence[bool], source: str) -> tuple[int, tuple[int, int]]:
    """Tell whether a position is somebody else's than the source's, and which words of the passage name that one."""
    nowhere = (UNKNOWN, UNKNOWN)
    if not p["via"] or (p["holder"] and p["holder"].split()[-1].casefold() in source.casefold()):
        return 0, nowhere
    span = closest_span(said, p["holder"], inside) if p["holder"] else None
    if "source" not in p or span is None or not inside[span[0]]:
        return UNKNOWN, nowhere  # a pronoun, or a source that is the holder's own
    return 1, (span[0], span[1] - 1)


def _judged(passage: Passage, words: Sequence[str], rows: Sequence[dict[str, Any]]) -> JudgedPassage:
    said = [words[i] for i in passage.tokens]
    inside = [int(passage.roles[f]) == 3 for f in passage.firsts]
    source = " ".join(w for w, f in zip(said, passage.firsts, strict=True) if int(passage.roles[f]) == 1)
    told = [_passed_on(p, said, inside, source) for p in rows]
    kept = [k for k, p in enumerate(rows) if p["holder"] == rows[0]["holder"] or told[k][0] == 1]
    rows, told = [rows[k] for k in kept], [told[k] for k in kept]
    out = JudgedPassage(passage, [], [], [], [], [], [])
    for slot in range(SLOTS):
        p = rows[slot] if slot < len(rows) else None
        other, words_of_other = told[slot] if p else (UNKNOWN, (UNKNOWN, UNKNOWN))
        out.other.append(other)
        out.other_span.append(words_of_other)
        out.stance.append(STANCES.index(p["stance"]) if p else len(STANCES))
        out.act.append(ACTS.index(p["act"]) if p else UNKNOWN)
        out.kind.append(KINDS.index(p["target_kind"]) if p and p["target_kind"] in KINDS else UNKNOWN)
        span = closest_span(said, p["target"], inside) if p and p["stance"] != Stance.NONE.value else None
        out.target.append((span[0], span[1] - 1) if span else (UNKNOWN, UNKNOWN))
    return out


# --- training --------------------------------------------------------------------------------------------------------


def _pad(rows: Sequence[Any], value: int) -> Tensor:
    out = np.full((len(rows), max(len(r) for r in rows)), value, dtype=np.int64)
    for i, r in enumerate(rows):
        out[i, : len(r)] = r
    return torch.from_numpy(out)


def _batches(passages: Sequence[JudgedPassage], pieces: int, rng: random.Random) -> list[list[JudgedPassage]]:
    """Group passages of like length, at most so many pieces together, in random order."""
    order = sorted(passages, key=lambda e: len(e.passage.ids) + rng.random() * 24)
    batches, current, longest = list[list[JudgedPassage]](), list[JudgedPassage](), 0
    for e in order:
        longest = max(longest, len(e.passage.ids))
        if current and longest * (len(current) + 1) > pieces:
            batches.append(current)
            current, longest = [], len(e.passage.ids)
        current.append(e)
    batches.append(current)
    rng.shuffle(batches)
    return batches


def forward(judge: Judge, batch: Sequence[JudgedPassage]) -> tuple[tuple[Tensor, ...], Tensor]:
    """Return the judge's answers to a batch and the mask of its words."""
    p = [e.passage for e in batch]
    words = _pad([np.ones(len(x.firsts)) for x in p], 0)
    answers = judge(
        _pad([x.ids for x in p], 0), _pad([x.shapes for x in p], 5), _pad([x.gaps for x in p], 0),
        _pad([x.roles for x in p], 0), _pad([x.firsts for x in p], 0), _pad([np.ones(len(x.ids)) for x in p], 0),
    )  # fmt: skip
    return answers, words


_SHARES = {"stances": 2.0, "acts": 0.5, "kinds": 0.5, "starts": 0.7, "ends": 0.7, "others": 1.0, "other_starts": 0.3,
           "other_ends": 0.3}  # fmt: skip


def losses(judge: Judge, batch: Sequence[JudgedPassage]) -> dict[str, Tensor]:
    """Return the weighted losses of all answers."""
    answers, words = forward(judge, batch)
    hidden = (words == 0).unsqueeze(1)
    given = {
        name: (scores.masked_fill(hidden, -1e4) if name.endswith(("starts", "ends")) else scores)
        for name, scores in zip(NETWORK_OUTPUTS, answers, strict=True)
    }
    target, other_span = (torch.tensor([getattr(e, k) for e in batch]) for k in ("target", "other_span"))
    gold = {
        "stances": torch.tensor([e.stance for e in batch]), "acts": torch.tensor([e.act for e in batch]),
        "kinds": torch.tensor([e.kind for e in batch]), "starts": target[..., 0], "ends": target[..., 1],
        "others": torch.tensor([e.other for e in batch]),
        "other_starts": other_span[..., 0], "other_ends": other_span[..., 1],
    }  # fmt: skip
    out = {}
    for slot, weight in ((0, 1.0), (1, 0.4)):
        for name, share in _SHARES.items():
            if (gold[name][:, slot] != UNKNOWN).any():
                loss = functional.cross_entropy(given[name][:, slot].float(), gold[name][:, slot], ignore_index=UNKNOWN)
                out[f"{name}{slot + 1}"] = weight * share * loss
    return out


def train(
    passages: Sequence[JudgedPassage],
    encoder: Path,
    reader_checkpoint: Path | None,
    settings: JudgeSettings,
    checkpoint: Path,
) -> Judge:
    """Train a judge, its encoder starting from the reader's; resume from a checkpoint if there is one."""
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)
    judge = Judge(
        BertModel.from_pretrained(encoder, add_pooling_layer=False, attention_probs_dropout_prob=0.0),
        settings,
    )
    if reader_checkpoint is not None:
        state = torch.load(reader_checkpoint, weights_only=False)["reader"]
        shared = {k: v for k, v in state.items() if k.split(".")[0] in ("bert", "shapes", "gaps")}
        judge.load_state_dict(shared, strict=False)
    steps = len(_batches(passages, settings.batch_pieces, random.Random(0))) * settings.epochs
    encoder_weights = [*judge.bert.parameters(), *judge.shapes.parameters(), *judge.gaps.parameters()]
    inner = {id(p) for p in encoder_weights}
    optimizer = torch.optim.AdamW(
        [
            {"params": encoder_weights, "lr": settings.encoder_rate, "weight_decay": 0.01},
            {"params": [p for p in judge.parameters() if id(p) not in inner], "lr": settings.head_rate},
        ],
        fused=True,
        betas=(0.9, 0.98),
    )
    warm = max(1, int(steps * settings.warmup))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.02, (steps - s) / max(1, steps - warm)))
    )
    first_epoch = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        judge.load_state_dict(state["judge"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        first_epoch = state["epoch"] + 1
        for _ in range(first_epoch):
            _batches(passages, settings.batch_pieces, rng)
    for epoch in range(first_epoch, settings.epochs):
        _epoch(judge, _batches(passages, settings.batch_pieces, rng), optimizer, schedule, epoch)
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        torch.save(
            {"judge": judge.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(),
             "epoch": epoch}, checkpoint,
        )  # fmt: skip
    return judge


def _epoch(
    judge: Judge,
    batches: Sequence[Sequence[JudgedPassage]],
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    epoch: int,
) -> None:
    judge.train()
    started, sums = time.monotonic(), Counter[str]()
    for n, batch in enumerate(batches):
        with torch.autocast("cpu", torch.bfloat16):
            parts = losses(judge, batch)
        torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(judge.parameters(), 2.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        sums.update({k: float(v.detach()) for k, v in parts.items()})
        if n % 20 == 19 or n + 1 == len(batches):
            shown = " ".join(f"{k} {v / (n % 20 + 1):.3f}" for k, v in sorted(sums.items()))
            print(
                f"epoch {epoch + 1} step {n + 1}/{len(batches)} {time.monotonic() - started:.0f}s {shown}",
                flush=True,
            )
            sums.clear()


def temperature(judge: Judge, held_out: Sequence[JudgedPassage]) -> float:
    """Return the temperature at which the stance probabilities of held-out passages are likeliest.

    Guo et al. (2017), "On Calibration of Modern Neural Networks".
    """
    judge.eval()
    scores, gold = list[Tensor](), list[int]()
    with torch.no_grad():
        for at in range(0, len(held_out), 16):
            batch = held_out[at : at + 16]
            (stances, *_), _ = forward(judge, batch)
            scores.append(stances[:, 0])
            gold += [e.stance[0] for e in batch]
    table, answers = torch.cat(scores), torch.tensor(gold)
    grid = [math.exp(0.05 * k) for k in range(-20, 31)]
    return round(min(grid, key=lambda t: float(functional.cross_entropy(table / t, answers))), 3)
