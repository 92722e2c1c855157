"""The words of the pages can be put into another language."""

from pathlib import Path

import pytest

import bedside.web
from bedside.web import language

WEB = Path(bedside.web.__file__).parent
babel = pytest.importorskip("babel.messages")


def found():
    from babel.messages.extract import extract_from_dir

    mappings = [("**.py", "python"), ("templates/**.html", "jinja2")]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
    rows = extract_from_dir(WEB, mappings, None, keywords)
    return {row[2] for row in rows}


def test_all_words_are_collected():
    from babel.messages.pofile import read_po

    with (WEB / "words" / "bedside.pot").open("rb") as file:
        listed = {message.id for message in read_po(file) if message.id}

    assert len(listed) > 50
    assert found() == listed, "run: make words"


@pytest.fixture
def german(tmp_path, monkeypatch):
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    catalogue = Catalog("de")
    catalogue.add("Movements an hour of sleep", "Bewegungen in einer Stunde Schlaf")
    catalogue.add("More", "Mehr <b>")
    path = tmp_path / "de" / "LC_MESSAGES" / "bedside.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(language, "_FOLDER", tmp_path)
    for kept in (language.catalogue, language.translated):
        kept.cache_clear()
    yield
    for kept in (language.catalogue, language.translated):
        kept.cache_clear()


@pytest.mark.usefixtures("german")
def test_a_translation_is_used_where_it_is_wished(rested):
    wished, other = rested.get("/", Accept_Language="de-DE"), rested.get("/", Accept_Language="fr")

    assert '<html lang="de">' in wished.text
    assert "Bewegungen in einer Stunde Schlaf" in wished.text
    assert '<html lang="en">' in other.text
    assert "Movements an hour of sleep" in other.text


@pytest.mark.usefixtures("german")
def test_a_translation_is_escaped_and_may_lack_words(rested):
    text = rested.get("/more", Accept_Language="de").text

    assert "Mehr &lt;b&gt;" in text
    assert "Placing the sensor" in text
