"""Two weeks of nights in one process: memory, files and threads stay as they are."""

import json
import subprocess
import sys

NIGHTS, HOURS, SETTLED = 14, 0.1, 6
FLAT = 0.05


def test_many_nights_in_one_life_take_no_more_than_a_few():
    command = [sys.executable, "-m", "bedside.bench.survival.month", str(NIGHTS), str(HOURS)]
    process = subprocess.run(command, capture_output=True, text=True, timeout=120.0, check=False)
    assert process.returncode == 0, process.stderr[-2000:]
    mornings = json.loads(process.stdout)

    before, after = mornings[SETTLED - 1], mornings[-1]
    assert after["nights"] == NIGHTS
    assert after["resident_mib"] <= before["resident_mib"] * (1.0 + FLAT)
    assert after["files"] == before["files"]
    assert after["threads"] == before["threads"]
