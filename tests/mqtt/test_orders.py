"""Orders to the light, as anybody on the broker might write them."""

import pytest

from bedside.errors import MqttError
from bedside.light.now import LightNow
from bedside.mqtt.orders import Order, read, told


@pytest.mark.parametrize(
    "payload",
    [
        "light, please",
        "",
        b"\xff\xfe\x00",
        "[]",
        "null",
        '{"state": "on"}',
        '{"brightness": 10}',
        '{"state": "ON", "brightness": "10"}',
        '{"state": "ON", "brightness": true}',
        '{"state": "ON", "brightness": -1}',
        '{"state": "ON", "brightness": 100.5}',
        '{"state": "ON", "brightness": NaN}',
        '{"state": "ON", "brightness": 1e999}',
        '{"state": "ON", "effect": ["sunrise"]}',
        '{"state": "ON", "effect": "disco"}',
        "[" * 1000,
        "x" * 2000,
    ],
)
def test_what_is_no_order_is_refused_in_a_sentence(payload):
    sent = payload if isinstance(payload, bytes) else payload.encode()

    with pytest.raises(MqttError) as refused:
        read(sent)

    said = str(refused.value)
    assert len(said) < 400
    assert said.isprintable()


@pytest.mark.parametrize(
    ("payload", "order"),
    [
        ('{"state": "ON"}', Order()),
        ('{"state": "OFF", "brightness": 5}', Order(level=0.0)),
        ('{"state": "ON", "brightness": 0}', Order(level=0.0)),
        ('{"state": "ON", "brightness": 100}', Order(level=1.0)),
        ('{"state": "ON", "brightness": 12.5, "flash": "long"}', Order(level=0.125)),
        ('{"state": "ON", "effect": null, "brightness": null}', Order()),
        ('{"state": "ON", "brightness": 9, "effect": "sunrise"}', Order(effect="sunrise")),
    ],
)
def test_what_is_one_is_read(payload, order):
    assert read(payload.encode()) == order


@pytest.mark.parametrize(
    ("now", "effect"),
    [
        ({}, "automatic"),
        ({"target": 0.3, "cause": "evening"}, "automatic"),
        ({"target": 0.3, "cause": "sunrise"}, "sunrise"),
        ({"target": 0.3, "cause": "phone", "hold_s": 60.0}, None),
        ({"hold_s": 60.0}, None),
        ({"held_off_s": 60.0}, "off for the night"),
        ({"target": 0.3, "cause": "button", "held_off_s": 60.0}, "off for the night"),
        ({"target": 0.3, "cause": "mqtt", "held_off_s": 60.0, "hold_s": 60.0}, None),
    ],
)
def test_which_effect_is_told(now, effect):
    plain = {"level": 0.0, "target": 0.0, "cause": "", "hold_s": 0.0, "held_off_s": 0.0}
    plain |= {"lamp": "GPIO 18", "ceiling": 1.0}

    assert told(LightNow(**plain | now))["effect"] == effect


def test_a_faint_light_is_never_told_as_none():
    now = LightNow(0.0, 0.001, "path", 0.0, 0.0, "GPIO 18", 0.2)

    assert told(now)["brightness"] == 1
    assert told(now)["state"] == "ON"
