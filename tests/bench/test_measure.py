import os
import sys

import pytest

from bedside.bench.measure import MeasureFailed, run_and_measure, snapshot


def test_a_program_is_measured_whole(tmp_path):
    # It holds 60 MB, writes 4 MB and computes for a moment.
    program = (
        "import sys; held = b'x' * 60_000_000; open(sys.argv[1], 'wb').write(held[:4_000_000]); "
        "sum(range(3_000_000))"
    )
    measured = run_and_measure([sys.executable, "-c", program, str(tmp_path / "out")])
    assert 60.0 < measured.peak_mib < 120.0
    assert 0.0 < measured.cpu_s < 10.0
    assert measured.wall_s > 0.0
    assert measured.written_mb is None or measured.written_mb < 10.0


def test_a_fat_parent_does_not_count_as_the_childs_memory():
    held = bytearray(200_000_000)
    held[::4096] = b"x" * len(held[::4096])
    assert run_and_measure([sys.executable, "-c", "pass"]).peak_mib < 60.0


def test_what_a_failing_program_said_last_is_told():
    with pytest.raises(MeasureFailed, match="no such night"):
        run_and_measure([sys.executable, "-c", "raise SystemExit('no such night')"])


def test_a_program_that_hangs_is_ended():
    with pytest.raises(MeasureFailed, match=r"still running after 0\.3 s"):
        run_and_measure([sys.executable, "-c", "import signal; signal.pause()"], timeout_s=0.3)


def test_a_program_that_is_not_there():
    with pytest.raises(MeasureFailed, match="no-such-program"):
        run_and_measure(["no-such-program"])


def test_a_running_process_can_be_looked_at():
    seen = snapshot(os.getpid())
    assert seen.cpu_s > 0.0
    assert 5.0 < seen.resident_mib <= seen.peak_mib


def test_a_process_that_is_gone_is_said_so():
    with pytest.raises(MeasureFailed, match="not running"):
        snapshot(2**22 + 1)
