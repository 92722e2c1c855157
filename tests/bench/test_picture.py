from dataclasses import replace
from xml.etree import ElementTree

from bedside.bench.picture import draw
from bedside.bench.summary import summarise

SVG = "{http://www.w3.org/2000/svg}"


def bars(path):
    rects = ElementTree.parse(path).getroot().findall(f"{SVG}rect")
    return [float(rect.get("width")) for rect in rects if rect.get("height") == "13"]


def test_both_drawings_are_svg_with_their_title(tmp_path, played):
    paths = draw(summarise([played("noisy_house"), played("slat")]), tmp_path / "new" / "folder")
    assert [path.name for path in paths] == ["f1-by-profile.svg", "recall-by-peak.svg"]
    for path in paths:
        assert ElementTree.parse(path).getroot().find(f"{SVG}title").text
    assert ">noisy house<" in paths[0].read_text()


def test_a_bar_is_as_long_as_its_f1(tmp_path, played):
    (path, _) = draw(summarise([played("slat")]), tmp_path)
    assert bars(path) == [round(520 * 190 / 196, 1), round(520 * 120 / 169, 1)]


def test_without_the_peer_there_is_one_bar(tmp_path, played):
    (path, curve) = draw(summarise([replace(played("slat"), theirs=None)]), tmp_path)
    assert len(bars(path)) == 1
    assert len(ElementTree.parse(curve).getroot().findall(f"{SVG}polyline")) == 1


def test_bins_without_a_movement_are_left_out_of_the_curve(tmp_path, played):
    (_, path) = draw(summarise([played()]), tmp_path)
    (_, ours) = ElementTree.parse(path).getroot().findall(f"{SVG}polyline")
    assert len(ours.get("points").split()) == 2
