import json

from bedside.bench.document import accuracy_document
from bedside.bench.goals import goals
from bedside.bench.plan import Plan
from bedside.bench.summary import summarise


def test_everything_survives_json(played):
    nights = [played("quiet"), played("slat")]
    summary = summarise(nights)
    document = accuracy_document(Plan(), nights, summary, goals(summary))
    read = json.loads(json.dumps(document, allow_nan=False))
    assert read["plan"]["purpose"] == "held-out"
    assert set(read["by_profile"]) == {"quiet", "slat"}
    assert read["by_profile_and_sensor"]["slat/mpu6050"]["ours"]["f1"] == 190 / 196
    assert read["total"]["night"]["kinds"] == {"jerk>jerk": 180, "jerk>limb_movement": 10}
    assert read["nights"][0]["notes"] == ["     10.00  missed jerk"]
    assert {"what", "target", "measured", "met"} == set(read["goals"][0])
    assert read["peer"]["mpu6050"]["on"] > 0.0
