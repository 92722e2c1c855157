"""How fast and how small: our chain beside the peer's, and whole programs."""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bedside.bench import peer
from bedside.bench.goal import Goal, at_most, compare
from bedside.bench.living import living
from bedside.bench.many import many_nights
from bedside.bench.measure import Measured, MeasureFailed, run_and_measure
from bedside.bench.starting import starting
from bedside.bench.workers import workers
from bedside.pipeline.listener import Listener
from bedside.pipeline.samples import Block
from bedside.recordings import Recording, write_csv, write_npz
from bedside.simulator.recording import record

SMALL, LARGE = 40, 3000
"""Samples a block: as the chip's FIFO gives them, and as a file does."""

REPEATS = 3
"""Times each computation is made; the shortest counts, the others were disturbed."""

BEDSIDE = (sys.executable, "-m", "bedside")


def speed(duration_s: float = 8 * 3600.0, *, with_peer: bool = True) -> list[Goal]:
    """Return the verdict on everything here that ends by itself."""
    return [
        *streaming(duration_s, with_peer=with_peer),
        *ran("bedside score", lambda: scoring(duration_s)),
        *ran("the demo", demo),
        *ran("a start", starting),
        *ran("bedside run", living),
        *ran("many nights", many_nights),
    ]


def ran(what: str, measure: Callable[[], list[Goal]]) -> list[Goal]:
    """Return the goals of a program; that it ran is missed where it did not."""
    try:
        return measure()
    except MeasureFailed as error:
        return [Goal(what, "runs", str(error), met=False)]


def night(duration_s: float) -> Recording:
    """Return the night everything is timed on."""
    made = record("ordinary", "mpu6050", 5000, duration_s=duration_s)
    return Recording("simulated", made.odr_hz, made.t, made.xyz)


def streaming(duration_s: float, *, with_peer: bool = True) -> list[Goal]:
    """Return the processor time of the chain, in small blocks and in large, and the peer's.

    In a process of its own with one thread, since the figures are for one core.
    """
    with workers(1) as pool:
        small_s, large_s, peer_s = pool.submit(_times, duration_s, with_peer).result()
    goals = [
        at_most(f"streaming in blocks of {SMALL} samples", small_s, 2.0, " s"),
        at_most(f"streaming in blocks of {LARGE} samples", large_s, 0.6, " s"),
    ]
    if peer_s is not None:
        ratio = (
            f" ({peer_s / small_s:.2f} x ours in small blocks, {peer_s / large_s:.2f} x in large)"
        )
        goals.append(compare(f"{peer.NAME} on the same array, s", peer_s, ratio))
    return goals


def _times(duration_s: float, with_peer: bool) -> tuple[float, float, float | None]:
    recording = night(duration_s)
    tuned = peer.TUNED["mpu6050"]
    return (
        shortest_s(lambda: stream(recording, SMALL)),
        shortest_s(lambda: stream(recording, LARGE)),
        shortest_s(lambda: peer.detect(recording.xyz, recording.odr_hz, tuned))
        if with_peer
        else None,
    )


def shortest_s(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the least processor time, s, that the work took."""
    times_s = []
    for _ in range(repeats):
        began_s = time.process_time()
        work()
        times_s.append(time.process_time() - began_s)
    return min(times_s)


def stream(recording: Recording, samples: int) -> int:
    """Run the chain over a recording in blocks of so many samples; return the movements heard."""
    listener = Listener(recording.odr_hz)
    count = 0
    for start in range(0, len(recording.t), samples):
        part = slice(start, start + samples)
        heard = listener.update(Block(recording.t[part], recording.xyz[part]))
        count += len(heard.movements)
    return count + len(listener.flush().movements)


def scoring(duration_s: float) -> list[Goal]:
    """Return time and memory of `bedside score`, as a whole process, on NPZ and on CSV."""
    recording = night(duration_s)
    with tempfile.TemporaryDirectory() as folder:
        npz, csv = Path(folder) / "night.npz", Path(folder) / "night.csv"
        write_npz(npz, recording)
        write_csv(csv, recording)
        from_npz = run_and_measure([*BEDSIDE, "score", str(npz), "--json"])
        from_csv = run_and_measure([*BEDSIDE, "score", str(csv), "--json"])
    return [
        at_most("bedside score, NPZ", from_npz.wall_s, 4.0, " s"),
        at_most("bedside score, NPZ, peak memory", from_npz.peak_mib, 250.0, " MiB"),
        at_most("bedside score, CSV", from_csv.wall_s, 15.0, " s"),
        compare("bedside score, CSV, peak memory, MiB", from_csv.peak_mib),
    ]


def demo(arguments: Sequence[str] = ("demo", "--once", "--port", "0")) -> list[Goal]:
    """Return time and memory of the demo's night, bus to report, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*BEDSIDE, *arguments, "--folder", str(Path(folder) / "night")]
        measured = run_and_measure(command)
        kept_mb = folder_mb(Path(folder))
    return demo_goals(measured, kept_mb)


def demo_goals(measured: Measured, kept_mb: float) -> list[Goal]:
    """Return the verdict on a demo that was measured, and whose folder holds so many MB."""
    return [
        at_most("the demo's 8-h night, bus to report", measured.wall_s, 20.0, " s"),
        at_most("the demo's peak memory", measured.peak_mib, 96.0, " MiB"),
        at_most("written to disk for a night, raw kept", measured.written_mb, 30.0, " MB"),
        compare("left in the demo's folder, MB", kept_mb),
    ]


def folder_mb(folder: Path) -> float:
    """Return the size of all files in a folder, MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
