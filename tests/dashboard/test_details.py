"""Headline, hospital shares, one county, one site."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard import details, queries
from dashboard.queries import Areas, Rows
from dashboard.state import Selection
from data import load
from geo.units import km_to_miles

VIEW = Selection(within=100.0, model="straight")


def test_headline_is_the_complement_of_coverage(rows: Rows) -> None:
    result = queries.total(rows, VIEW)
    found = details.headline(result)
    assert found.covered + found.beyond + found.no_data == found.population == 1100
    assert found.share_beyond == pytest.approx(750 / 1100)
    assert found.share_beyond_low <= found.share_beyond <= found.share_beyond_high
    assert found.beyond_low <= found.beyond <= found.beyond_high


def test_two_programmes_of_one_hospital_count_once() -> None:
    centres = pd.DataFrame(
        {"ccn": ["010001", "010001", None, None, "400001"], "state": ["AL"] * 4 + ["PR"]}
    )
    assert details.distinct_hospitals(centres) == 3


def test_hospital_shares_of_the_real_counts() -> None:
    table = load.hospital_denominators()
    found = details.hospital_shares(load.treatment_centers(), table)
    assert {7551, 5838, 5381} <= set(found["hospitals"])
    assert (found["share"] == found["certified"] / found["hospitals"]).all()
    assert found["share"].max() < details.HOSPITAL_SCALE
    assert found["certified"].iloc[0] < len(load.treatment_centers())


def test_county_in_numbers(areas: Areas, rows: Rows, centres: pd.DataFrame) -> None:
    found = details.county("01001", areas, rows, centres.iloc[:2], VIEW)
    assert found.headline.population == 165
    assert found.headline.covered == 155
    assert found.centre == "Adult hospital"
    assert found.centre_id == "TC001"
    assert found.median.value == 0


def test_county_without_people(areas: Areas, rows: Rows, centres: pd.DataFrame) -> None:
    found = details.county("48301", areas, rows, centres, VIEW)
    assert found.headline.population == 0
    assert np.isnan(found.median.value)
    assert found.centre == ""


def test_every_page_that_supports_a_claim_is_listed() -> None:
    evidence = load.treatment_center_evidence()
    site = load.treatment_centers().set_index("id", drop=False).loc["TC001"]
    found = details.claims(site, evidence)
    assert set(evidence.loc[evidence["id"] == "TC001", "source_url"]) == set(
        found["source_url"].dropna()
    )
    claims = found["claim"].tolist()
    for column in ("fact_accreditation", "car_t", "nmdp_center", "til"):
        assert details.CLAIM_LABELS[column] in claims


@pytest.mark.parametrize("table", ["treatment_centers", "blood_centers"])
def test_every_site_has_a_card(table: str) -> None:
    evidence = pd.concat([load.treatment_center_evidence(), load.blood_center_evidence()])
    for _, site in load.load(table).iterrows():
        card = details.site_card(site, evidence)
        assert not re.search(r"\b(nan|None|NaT)\b", " ".join((card.name, *card.lines)))
        assert "**Confidence:**" in card.lines[2]
        assert "**Position:**" in card.lines[2]
        assert card.claims["evidence"].notna().all()


def test_own_facility_has_a_card() -> None:
    site = pd.Series({"id": "U001", "name": "Mine", "lat": 1.0, "lon": 2.0})
    card = details.site_card(site, load.treatment_center_evidence())
    assert card.name == "Mine"
    assert card.claims.empty


def test_nearest_table_in_the_readers_units() -> None:
    site = {"name": "H", "city": "C", "state": "AL", "minutes": 30.0, "distance_km": 40.0}
    blood = site | {"org": "O", "facility": "F"}
    miles = details.nearest_table(pd.DataFrame([site]), pd.DataFrame([blood]), "mi")
    km = details.nearest_table(pd.DataFrame([site]), pd.DataFrame([blood]), "km")
    assert miles["Distance"].tolist() == [f"{km_to_miles(40.0):.0f} mi"] * 2
    assert km["Distance"].tolist() == ["40 km"] * 2
    assert km["Site"].tolist() == ["H", "O: F"]


def test_distribution_table_counts_everybody(rows: Rows) -> None:
    result = queries.distribution(rows, VIEW, details.DISTRIBUTION_EDGES)
    table = details.distribution_table(result, "minutes")
    assert table["persons"].sum() == 1100
    assert table.columns[0] == "above_minutes"


def test_group_table_puts_the_worst_first_unless_groups_have_an_order(
    areas: Areas, rows: Rows
) -> None:
    frame = queries.breakdown(areas, rows, replace(VIEW, by="state"))
    assert details.group_table(frame, ordered=False)["group"].tolist() == ["WY", "AL"]
    assert details.group_table(frame, ordered=True)["group"].tolist() == ["AL", "WY"]
    assert details.group_table(frame, ordered=False)["percent_beyond"].iloc[0] == 100


def test_claims_of_every_site_keep_their_page_and_are_no_markup() -> None:
    evidence = pd.concat([load.treatment_center_evidence(), load.blood_center_evidence()])
    sites = pd.concat([load.treatment_centers(), load.blood_centers()])
    for _, site in sites[sites["id"].isin(evidence["id"])].iterrows():
        table = details.claims(site, evidence)
        lines = details.claim_lines(table).splitlines()
        assert len(lines) == len(table)
        linked = sum("](http" in line for line in lines)
        assert linked == table["source_url"].notna().sum()


def test_a_page_that_is_no_web_address_is_not_linked() -> None:
    row = {
        "claim": "TIL", "evidence": "believed", "source_url": "javascript:alert(1)",
        "source_date": None, "note": "[x](y) *z*",
    }  # fmt: skip
    line = details.claim_lines(pd.DataFrame([row]))
    assert "javascript" not in line
    assert r"\[x\](y) \*z\*" in line
