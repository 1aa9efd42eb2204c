"""How fast the pipeline loads and reads, on one core: `python tests/benchmarks/reading_speed.py`."""

import time
from pathlib import Path

import stancegraph
from stancegraph import Document

ROOT = Path(__file__).parents[2]
COPIES = 20


def main() -> None:
    """Print seconds to load and words read in a second."""
    started = time.perf_counter()
    stancegraph.load()
    print(f"load: {time.perf_counter() - started:.2f} s")
    texts = [path.read_text(encoding="utf8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    documents = [Document(id=f"{n}-{k}", text=text) for n in range(COPIES) for k, text in enumerate(texts)]
    list(stancegraph.read(documents[:1]))
    started = time.perf_counter()
    positions = sum(len(found) for _, found in stancegraph.read(documents))
    seconds = time.perf_counter() - started
    words = sum(len(document.text.split()) for document in documents)
    print(f"read: {words} words, {positions} positions, {words / seconds:.0f} words/s")


if __name__ == "__main__":
    main()
