"""Predictions and gold → figures.

Positions and attributions are scored by the scorer that lies beside the gold files (`gold/score.py`), the same that
scores the held-out sets. Every module has one concern; `sets` knows which set is scored how, `report` puts the figures
beside what is demanded of them and what others have published.
"""

from __future__ import annotations

from stancegraph.evaluation.report import Row, report, rows
from stancegraph.evaluation.sets import SETS, Figures, score_set

__all__ = ["SETS", "Figures", "Row", "report", "rows", "score_set"]
