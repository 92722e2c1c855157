"""Schemas read off the classes that the API's answers are made of."""

from dataclasses import dataclass
from typing import Literal

import pytest

from bedside.web.schemas import NUMBER, TEXT, a_list, an_object, or_null, row, schema_of


@dataclass(frozen=True)
class Leaf:
    size: float
    colour: Literal["green", "brown"] = "green"


@dataclass(frozen=True)
class Tree:
    leaves: tuple[Leaf, ...]
    place: tuple[float, str]
    name: str | None


def test_a_class_becomes_an_object_that_holds_its_fields_and_nothing_else():
    leaf = {
        "type": "object",
        "properties": {"size": {"type": "number"}, "colour": {"enum": ["green", "brown"]}},
        "required": ["size", "colour"],
        "additionalProperties": False,
    }

    assert schema_of(Leaf) == leaf
    assert schema_of(Tree)["properties"] == {
        "leaves": {"type": "array", "items": leaf},
        "place": {
            "type": "array",
            "items": {"anyOf": [NUMBER, TEXT]},
            "minItems": 2,
            "maxItems": 2,
        },
        "name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    }


@pytest.mark.parametrize("made", [object, list[int], dict[str, int]])
def test_of_other_types_nothing_is_guessed(made):
    with pytest.raises(TypeError, match="no schema is known"):
        schema_of(made)


def test_what_is_optional_is_not_required():
    assert an_object({"a": TEXT, "b": TEXT}, optional=("b",))["required"] == ["a"]


def test_small_ones():
    assert row(NUMBER, NUMBER)["items"] == NUMBER
    assert a_list(TEXT) == {"type": "array", "items": TEXT}
    assert or_null(TEXT) == {"anyOf": [TEXT, {"type": "null"}]}
