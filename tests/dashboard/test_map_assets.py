"""What the map fetches: outlines that survive packing, files written once."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from dashboard import map_assets
from dashboard.map_assets import (
    DECIMALS,
    DIGITS,
    decode_integers,
    encode_areas,
    encode_integers,
    ensure_static_assets,
    topology,
)
from data import load
from geo.errors import InputError

# Two neighbours, an enclave that fills a hole of the second, an island, and the far Aleutians.
WEST = box(-100, 30, -99, 31)
ENCLAVE = box(-98.75, 30.25, -98.5, 30.5)
EAST = Polygon(box(-99, 30, -98, 31).exterior, [ENCLAVE.exterior])
ISLANDS = MultiPolygon(
    [box(-97, 30, -96.9, 30.1), box(-179.5, 52, -179, 52.5), box(179, 52, 180, 53)]
)


def frames() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    counties = gpd.GeoDataFrame(
        {
            "county_fips": ["01001", "01003", "02001", "02003"],
            "state": ["AL", "AL", "AK", "AK"],
            "name": ["West", "East", "Enclave", "Doña Isles"],
        },
        geometry=[WEST, EAST, ENCLAVE, ISLANDS],
        crs=4326,
    )
    states = gpd.GeoDataFrame(
        {"state": ["AK", "AL"], "name": ["Alaska", "Alabama"]},
        geometry=[shapely.union(ENCLAVE, ISLANDS), shapely.union(WEST, EAST)],
        crs=4326,
    )
    return counties, states


def unpack(content: bytes) -> dict[str, shapely.Geometry]:
    """Read the file as the map's script does: even-odd rings from shared arcs."""
    file = json.loads(content)
    unit = 10.0 ** -file["decimals"]
    points = np.cumsum(np.reshape(decode_integers(file["points"]), (-1, 2)), axis=0) * unit
    stops = np.cumsum([0, *decode_integers(file["arcSizes"])])
    arcs = [points[a:b] for a, b in pairwise(stops)]
    stream = iter(decode_integers(file["rings"]))
    number = 0
    shapes = {}
    for county in file["counties"].split(","):
        shape = shapely.Polygon()
        for _ in range(next(stream)):
            ring: list[np.ndarray] = []
            for _ in range(next(stream)):
                code = next(stream)
                number += code >> 1
                arc = arcs[number][::-1] if code & 1 else arcs[number]
                if ring:
                    assert (ring[-1][-1] == arc[0]).all()
                ring.append(arc)
            shape = shapely.symmetric_difference(shape, Polygon(np.concatenate(ring)))
        shapes[county] = shape
    return shapes


@given(st.lists(st.integers(-(2**30) + 1, 2**30 - 1)))
def test_integers_come_back(values: list[int]) -> None:
    text = encode_integers(values)
    assert set(text) <= set(DIGITS)
    assert decode_integers(text) == values


def test_small_integers_take_one_character() -> None:
    # zigzag: 0, -1, 1, -2 are 0, 1, 2, 3; 16 is 32, which is 0 and more, then 1
    assert encode_integers([0, -1, 1, -2]) == "0123"
    assert encode_integers([16]) == "W1"
    assert encode_integers([]) == ""


def test_integers_beyond_a_browsers_reach_are_refused() -> None:
    with pytest.raises(InputError, match="below 2\\*\\*30"):
        encode_integers([1, 2**30])


def test_shared_borders_are_stored_once() -> None:
    cut = topology(np.array([WEST, EAST, ENCLAVE], dtype=object))
    # west's own three sides, the common side, east's own three sides, the enclave all round
    assert len(cut.arcs) == 4
    ((outer,), (east, hole), (inner,)) = cut.rings
    assert {~ref for ref in east} & set(outer)  # the common side, walked the other way
    assert hole == inner


def test_areas_come_back_within_rounding() -> None:
    counties, states = frames()
    shapes = unpack(encode_areas(counties, states.sort_values("state")))
    for fips, shape in zip(counties["county_fips"], counties.geometry, strict=True):
        assert shapely.symmetric_difference(shapes[fips], shape).area < 1e-9


def test_rounding_is_the_only_loss_on_the_real_outlines() -> None:
    counties, states = load.counties(), load.states()
    shapes = unpack(encode_areas(counties.sort_values("county_fips"), states.sort_values("state")))
    assert set(shapes) == set(counties["county_fips"])
    half = 0.5 * 10.0**-DECIMALS
    sample = counties.iloc[::40]
    for fips, shape in zip(sample["county_fips"], sample.geometry, strict=True):
        lost = shapely.symmetric_difference(shapes[fips], shape).area
        # No border moves by more than half a unit on either axis.
        assert lost <= shape.length * half * 2**0.5 + 1e-9


def test_parts_smaller_than_a_unit_vanish() -> None:
    speck = box(-90, 30, -90 + 1e-5, 30 + 1e-5)
    cut = topology(np.array([MultiPolygon([WEST, speck])], dtype=object))
    assert len(cut.rings[0]) == 1


def test_neighbours_across_the_antimeridian_stay_together(tmp_path: Path) -> None:
    assets = ensure_static_assets(*frames(), static_dir=tmp_path)
    south, west, north, east = assets.county_bounds[assets.counties.index("02003")]
    assert (south, west, north, east) == (30.0, -181.0, 53.0, -96.9)


def test_assets_are_written_once_and_named_by_content(tmp_path: Path) -> None:
    counties, states = frames()
    first = ensure_static_assets(counties, states, static_dir=tmp_path)
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    assert ensure_static_assets(counties.iloc[::-1], states, static_dir=tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")} == files
    for address in (first.leaflet_js, first.leaflet_css, first.script, first.areas):
        assert (tmp_path / address.removeprefix(map_assets.STATIC_URL + "/")).is_file()
    counties.loc[0, "name"] = "Renamed"
    assert ensure_static_assets(counties, states, static_dir=tmp_path).areas != first.areas
    assert first.counties == ("01001", "01003", "02001", "02003")
    assert first.states == ("AK", "AL")


def test_many_servers_may_start_at_once(tmp_path: Path) -> None:
    counties, states = frames()
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(
                lambda _: ensure_static_assets(counties, states, static_dir=tmp_path), range(16)
            )
        )
    assert len(set(made)) == 1
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]


def test_every_problem_of_the_frames_is_listed(tmp_path: Path) -> None:
    counties, states = frames()
    counties = counties.to_crs(3857)
    counties["state"] = ["AL", "AL", "ZZ", "ZZ"]
    counties["county_fips"] = ["01001", "01001", "02001", "02003"]
    with pytest.raises(InputError) as caught:
        ensure_static_assets(counties, states.drop(columns="name"), static_dir=tmp_path)
    assert caught.value.problems == (
        "states lack the column 'name'",
        "counties must be in EPSG:4326 to be drawn, not EPSG:3857",
    )
    with pytest.raises(InputError) as caught:
        ensure_static_assets(counties.to_crs(4326), states, static_dir=tmp_path)
    assert caught.value.problems == (
        "counties lie in states that are not listed: ZZ",
        "a county is listed twice: 01001",
    )
    assert not list(tmp_path.iterdir())


def test_script_and_server_share_their_alphabet() -> None:
    script = (map_assets.STATIC_DIR / "atlas" / "atlas_map.js").read_text()
    assert f'const DIGITS = "{DIGITS}"' in script
    assert "http" not in script  # nothing in it can reach another machine
