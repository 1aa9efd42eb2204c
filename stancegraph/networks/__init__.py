"""Discourse networks: who agrees with whom on what, after Leifeld's discourse network analysis.

A graph's positions become events (`events`); events become networks of actors and outcomes (`affiliation_network`), of
actors (`actor_network`) and of outcomes (`outcome_network`), whole or by time windows (`windows`); networks show coalitions,
polarisation, the outcomes that matter and where actors stand.
"""

from stancegraph.networks.affiliation import affiliation_network
from stancegraph.networks.backbone import Backbone, backbone, backbone_loss, backbone_steps
from stancegraph.networks.coalitions import coalitions
from stancegraph.networks.congruence import actor_network, outcome_network
from stancegraph.networks.events import Event, EventSettings, events
from stancegraph.networks.matrices import to_matrix
from stancegraph.networks.polarisation import polarisation, polarisation_over_time
from stancegraph.networks.scaling import centralities, scale_actors
from stancegraph.networks.strongest import strongest_ties
from stancegraph.networks.windows import Window, windows

__all__ = [
    "Backbone",
    "Event",
    "EventSettings",
    "Window",
    "actor_network",
    "affiliation_network",
    "backbone",
    "backbone_loss",
    "backbone_steps",
    "centralities",
    "coalitions",
    "events",
    "outcome_network",
    "polarisation",
    "polarisation_over_time",
    "scale_actors",
    "strongest_ties",
    "to_matrix",
    "windows",
]
