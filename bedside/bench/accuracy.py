"""One simulated night through our own chain and the peer's, both against the truth."""

from collections.abc import Sequence

from bedside.bench import events, peer, states
from bedside.bench.chain import Told, listen
from bedside.bench.figures import EventFigures, NightFigures
from bedside.bench.plan import Assignment, Played
from bedside.bench.truth import happened, periodic_index
from bedside.bench.verdict import Happened, judge
from bedside.pipeline.samples import Span
from bedside.recordings import Recording, blocks
from bedside.simulator.recording import record
from bedside.simulator.truth import Truth


def play(assignment: Assignment) -> Played:
    """Simulate the night, run both chains over it and compare each with the truth."""
    made = record(
        assignment.profile, assignment.sensor, assignment.seed, duration_s=assignment.duration_s
    )
    recording = Recording("simulated", made.odr_hz, made.t, made.xyz)
    truth = happened(made.truth)
    told = listen(recording, blocks(recording))
    own = [movement for movement in told.heard.movements if movement.kind != "disturbance"]
    others = [movement for movement in told.heard.movements if movement.kind == "disturbance"]
    detected = [Span(movement.start_s, movement.end_s) for movement in own]
    verdict = judge(truth, detected)
    figures = NightFigures(cpu_s=told.cpu_s)
    events.count_kinds(figures, truth, own, others, verdict)
    compare(figures, made.truth, told, assignment.duration_s)
    return Played(
        assignment,
        events.count(truth, detected, verdict, assignment.duration_s),
        figures,
        _peer_figures(recording, truth, assignment) if assignment.with_peer else None,
        events.notes(truth, own, others, verdict),
    )


def compare(figures: NightFigures, truth: Truth, told: Told, duration_s: float) -> None:
    """Add presence, sleep, breathing, series and the periodic index to the figures."""
    in_bed, asleep = states.spans(truth.presence), states.spans(truth.asleep)
    states.presence(figures, in_bed, told.presence, duration_s)
    states.sleep(figures, in_bed, asleep, told.night.sol_s, told.night.tst_s)
    states.breathing(figures, truth.breaths, in_bed, told.heard.minutes)
    steps = [Span(each.start_s, each.end_s) for each in truth.happenings if each.cause == "steps"]
    states.series(
        figures,
        [(each.kind, Span(each.start_s, each.end_s)) for each in truth.series],
        [(each.kind, Span(each.start_s, each.end_s)) for each in told.night.series],
        steps,
    )
    figures.index.append((periodic_index(truth), told.night.indices.periodic_index or 0.0))


def _peer_figures(
    recording: Recording, truth: Sequence[Happened], assignment: Assignment
) -> EventFigures:
    settings = peer.TUNED[assignment.sensor]
    detected = peer.detect(recording.xyz, recording.odr_hz, settings)
    return events.count(truth, detected, judge(truth, detected), assignment.duration_s)
