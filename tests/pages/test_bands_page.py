"""Drive-time bands on the Map page."""

import json
from dataclasses import replace

import numpy as np
import pytest
from opening import Open

from dashboard import services
from dashboard.services import bands as answers
from dashboard.state import Selection
from data import load

VIEW = Selection(model="straight", level="bands")
KALISPELL = replace(VIEW, state="MT")


def said(app: object) -> str:
    return "\n".join(item.value for item in app.markdown)  # type: ignore[attr-defined]


def test_bands_are_shown_with_their_people_and_a_table(open_page: Open) -> None:
    app = open_page("map.py", level="bands")
    found = answers.people(VIEW)
    assert found.population == pytest.approx(services.coverage.headline(VIEW).population)
    assert "live within 30 minutes" in said(app)
    assert "within 240" in said(app)
    assert app.text_input(key="bands").value == "30,60,90,120,180,240"
    table = answers.frame(VIEW)
    assert table["people"].sum() == pytest.approx(found.population)
    within = services.coverage.headline(replace(VIEW, within=60.0)).covered
    assert table["people_within"][1] == pytest.approx(within)


def test_other_shading_has_no_bands(open_page: Open) -> None:
    app = open_page("map.py")
    assert not [one for one in app.text_input if one.key == "bands"]
    assert "live within 30 minutes of a centre" not in said(app)


def test_bad_bands_are_explained_and_the_last_good_ones_stay(open_page: Open) -> None:
    app = open_page("map.py", level="bands", bands="20,40")
    assert "within 20 minutes" in said(app)
    app.text_input(key="bands").set_value("40,20,abc").run()
    assert not app.exception
    warning = "\n".join(item.value for item in app.warning)
    assert "“abc” is not a number" in warning
    assert "20 comes after 40" in warning
    assert "still shows 20,40" in warning
    assert "within 20 minutes" in said(app)
    app.text_input(key="bands").set_value("50").run()
    assert not app.warning
    assert "within 50 minutes" in said(app)


@pytest.mark.parametrize("site", ["TC001", "BC001"])
def test_one_site_has_its_own_bands(site: str, open_page: Open) -> None:
    app = open_page("map.py", level="bands", site=site)
    view = replace(VIEW, site=site)
    name = answers.site_name(view)
    assert f"within 30 minutes of {name}" in said(app)
    plain = services.maps.full_map(view)
    spec = answers.on_map(plain, view)
    assert name in spec.title
    assert len(spec.polygons[0].codes) == len(view.bands)
    assert spec.areas is None


def test_geojson_is_of_the_land_in_focus_and_adds_up() -> None:
    content = json.loads(answers.layer_of(KALISPELL).geojson())
    people = [feature["properties"]["people"] for feature in content["features"]]
    assert sum(people) == pytest.approx(
        services.coverage.headline(KALISPELL).population, abs=len(people)
    )
    corners = np.array(
        [
            corner
            for feature in content["features"]
            for polygon in feature["geometry"]["coordinates"]
            for corner in polygon[0]
        ]
    )
    states = load.states()
    west, south, east, north = states[states["state"] == "MT"].total_bounds
    assert corners[:, 0].min() == pytest.approx(west, abs=0.01)
    assert corners[:, 1].max() == pytest.approx(north, abs=0.01)
    assert corners[:, 0].max() == pytest.approx(east, abs=0.01)
    assert corners[:, 1].min() == pytest.approx(south, abs=0.01)
    assert "level=bands" in content["features"][0]["properties"]["atlas_view"]


def test_no_centre_leaves_bands_empty_with_a_next_step(open_page: Open) -> None:
    app = open_page("data.py", ages="pediatric", level="bands")
    app.file_uploader(key="facilities_file").upload(
        "f.csv", b"lat,lon,ages_treated\n43.08,-107.29,adult\n"
    )
    app.run()
    app.button(key="use_facilities").click().run()
    app.switch_page("../pages/map.py").run()
    assert not app.exception
    assert "Choose more minutes, or other centres" in said(app)
    adults_only = app.session_state["_selection"]
    assert adults_only.facilities
    content = json.loads(answers.layer_of(replace(adults_only, level="bands")).geojson())
    assert [one["properties"]["state"] for one in content["features"]] == ["no road"]


def test_payload_of_the_country_stays_small() -> None:
    spec = answers.on_map(services.maps.full_map(VIEW), VIEW)
    layer = spec.polygons[0]
    assert len(layer.points) + len(layer.rings) < 150_000
