"""Two situations side by side: people, travel, groups, sites (pure, no Streamlit).

Named apart from `geo.comparison`, which sets two travel models side by side. Each side is counted
under its own settings; what is said of the same people (who comes in, how much shorter their ways
get) is said of those whom both sides count. Differences are B less A. Method: docs/methods.md,
Comparison.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from dashboard import fairness, queries
from dashboard.queries import Areas, Rows
from dashboard.situations import Situation
from dashboard.state import LABELS, Breakdown, Selection
from geo.comparison import compare
from geo.equity import band_of_quantile
from geo.network import Ints
from geo.paired import Travels, covered_difference
from geo.results import Floats, QuantileBand
from geo.units import km_to_miles

Way = Literal["treatment", "collection"]
LONGEST: Final = 300.0
"""Longer ways, and none at all, count as this in sums and means: minutes, miles or km."""
IN_BOTH: Final = ("Only in A", "Only in B", "In both")
ONLY_A, ONLY_B, BOTH = range(len(IN_BOTH))
HALF: Final = 0.5
TINY: Final = 1e-9
SITE_COLUMNS: Final = ("id", "name", "kind", "role", "city", "state", "lat", "lon")


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A situation with its answer.

    Parameters
    ----------
    situation : Situation
        What was asked.
    view : Selection
        Its settings, with the state whose people are compared.
    rows : Rows
        n rows of people with their travel to the place that is compared.
    sites : DataFrame
        `SITE_COLUMNS` of every open site: kind "Treatment centre" or "New site"; role
        "infusion", "collection" or "both".
    patients : ndarray, shape (n,)
        Expected patients a year of each row, whatever is planned for.
    proof : str
        Sentence about what is not proven of its plan; "" for nothing.
    """

    situation: Situation
    view: Selection
    rows: Rows
    sites: pd.DataFrame
    patients: Floats
    proof: str = ""

    @property
    def measure(self) -> tuple[str, str, str]:
        """What decides the size of its errors and the unit of its threshold."""
        return self.view.model, self.view.metric, self.view.ages


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two sides and the people whom both count.

    Parameters
    ----------
    areas : Areas
        Where people live.
    a, b : Side
        The two sides.
    way : {"treatment", "collection"}
        Travel to which place.
    row_a, row_b : ndarray of int, shape (k,)
        Rows of either side that are the same people: one area, one audience.
    """

    areas: Areas
    a: Side
    b: Side
    way: Way
    row_a: Ints
    row_b: Ints

    @property
    def travel_view(self) -> Selection:
        """Settings in whose unit the travel of both is said: a distance only if both count one."""
        both = self.a.view.metric == self.b.view.metric == "miles"
        return replace(self.a.view, metric="miles" if both else "minutes")

    @property
    def unit(self) -> str:
        """Name of that unit: minutes, miles or km."""
        return queries.travel_unit(self.travel_view)

    @property
    def same_errors(self) -> bool:
        """Whether the errors of both are the same, so that a difference has a band of its own."""
        return self.a.measure == self.b.measure

    @property
    def same_people(self) -> bool:
        """Whether both count the same people."""
        return len(self.row_a) == len(self.a.rows.area) == len(self.b.rows.area)

    @property
    def same_threshold(self) -> bool:
        """Whether both ask for the same threshold."""
        return (self.a.view.within, self.a.view.metric) == (self.b.view.within, self.b.view.metric)


@dataclass(frozen=True, slots=True)
class Count:
    """One side's headline.

    Parameters
    ----------
    population, covered, beyond, unreachable, no_data : float
        Persons; beyond includes unreachable.
    share_beyond, share_low, share_high : float
        Share beyond the threshold with its 90% band; nan for nobody.
    covered_low, covered_high : float
        90% band of `covered`.
    median : QuantileBand
        Travel of the middle person, in the unit of the pair.
    patients : float
        Expected patients a year within the threshold.
    sites : int
        Open sites.
    """

    population: float
    covered: float
    beyond: float
    unreachable: float
    no_data: float
    share_beyond: float
    share_low: float
    share_high: float
    covered_low: float
    covered_high: float
    median: QuantileBand
    patients: float
    sites: int


@dataclass(frozen=True, slots=True)
class Headline:
    """Both sides and what lies between them; differences are B less A.

    Parameters
    ----------
    a, b : Count
        Of either side.
    people : float
        Persons whom both count, with known travel in both; all below is about them.
    gained, lost : float
        Persons within the threshold in B only, and in A only.
    covered : tuple of float or None
        B's persons covered less A's, low and high of a 90% band; None when the two sides do not
        share their errors or their people.
    shorter, longer : float
        Persons with a shorter, and with a longer way in B.
    saved : float
        Travel saved by all together in B, persons times the unit of the pair, one way; longer ways
        are counted against it, ways beyond `LONGEST` as that.
    """

    a: Count
    b: Count
    people: float
    gained: float
    lost: float
    covered: tuple[float, float] | None
    shorter: float
    longer: float
    saved: float

    @property
    def difference(self) -> float:
        """B's persons covered less A's."""
        return self.b.covered - self.a.covered

    @property
    def points(self) -> float:
        """B's share covered less A's, 0 to 1."""
        return self.a.share_beyond - self.b.share_beyond

    @property
    def saved_each(self) -> float:
        """Travel that B saves a person on average, in the unit of the pair; nan for nobody."""
        return self.saved / self.people if self.people else float("nan")


def pair_of(areas: Areas, a: Side, b: Side, way: Way) -> Pair:
    """Put two sides together.

    Parameters
    ----------
    areas : Areas
        Where people live.
    a, b : Side
        Counted over the people of one state, or both over the whole country.
    way : {"treatment", "collection"}
        What their rows travel to.

    Returns
    -------
    Pair
    """
    size = len(areas.frame)
    one, two = ((side.rows.area + size * side.rows.adult).astype(np.int64) for side in (a, b))
    _, row_a, row_b = np.intersect1d(one, two, assume_unique=True, return_indices=True)
    return Pair(areas, a, b, way, row_a.astype(np.int64), row_b.astype(np.int64))


def travels(pair: Pair) -> tuple[Floats, Floats, Floats]:
    """Travel in A and in B of the people whom both count, in the unit of the pair, and persons."""
    return (
        in_unit(pair.a.rows, pair.travel_view)[pair.row_a],
        in_unit(pair.b.rows, pair.travel_view)[pair.row_b],
        pair.a.rows.persons[pair.row_a],
    )


def in_unit(rows: Rows, view: Selection) -> Floats:
    """Travel of rows of people in the unit in which it is shown."""
    found = queries.impedance(rows, view)
    if queries.travel_unit(view) == "miles":
        return np.asarray(km_to_miles(found), dtype=np.float64)
    return found


def saved_by(before: Floats, after: Floats) -> Floats:
    """Travel saved: ways beyond `LONGEST`, and none at all, count as that.

    >>> saved_by(np.array([90.0, np.inf, 400.0]), np.array([60.0, 100.0, 350.0])).tolist()
    [30.0, 200.0, 0.0]
    """
    return np.minimum(before, LONGEST) - np.minimum(after, LONGEST)


def headline(pair: Pair) -> Headline:
    """Count both sides and what lies between them."""
    first, second, persons = travels(pair)
    known = ~(np.isnan(first) | np.isnan(second))
    saved = np.where(known, saved_by(first, second), 0.0)
    table = _sides_of_threshold(pair, np.zeros(len(persons), np.intp), 1)
    band = _band(pair, None, 1)
    with np.errstate(invalid="ignore"):
        nearer, farther = second < first, second > first
    return Headline(
        a=_count(pair, pair.a),
        b=_count(pair, pair.b),
        people=float(persons[known].sum()),
        gained=float(table["gained"].iloc[0]),
        lost=float(table["lost"].iloc[0]),
        covered=None if band is None else (float(band[0][0]), float(band[1][0])),
        shorter=float(persons[known & nearer].sum()),
        longer=float(persons[known & farther].sum()),
        saved=float((saved * persons).sum()),
    )


def _count(pair: Pair, side: Side) -> Count:
    found = queries.total(side.rows, side.view)
    curve_view = replace(side.view, metric=pair.travel_view.metric)
    middle = band_of_quantile(queries.share_curve(side.rows, curve_view), HALF)
    if pair.unit == "miles":
        low, value, high = (float(km_to_miles(x)) for x in (middle.low, middle.value, middle.high))
        middle = replace(middle, low=low, value=value, high=high)
    covered = queries.impedance(side.rows, side.view) <= queries.threshold(side.view)
    return Count(
        population=float(found.population[0]),
        covered=float(found.covered[0]),
        beyond=float(found.beyond[0]),
        unreachable=float(found.unreachable[0]),
        no_data=float(found.no_data[0]),
        share_beyond=float(1 - found.share_covered[0]),
        share_low=float(1 - found.share_high[0]),
        share_high=float(1 - found.share_low[0]),
        covered_low=float(found.covered_low[0]),
        covered_high=float(found.covered_high[0]),
        median=middle,
        patients=float(side.patients[covered].sum()),
        sites=len(side.sites),
    )


def _sides_of_threshold(pair: Pair, codes: Ints, size: int) -> pd.DataFrame:
    """Persons within the threshold in B only and in A only, of those whom both count."""
    ways = []
    for side, row in ((pair.a, pair.row_a), (pair.b, pair.row_b)):
        travel = queries.impedance(side.rows, side.view)[row]
        ways.append(np.where(travel <= queries.threshold(side.view), 0.0, travel))
    # 0 is within either threshold; what is not keeps its travel, which is above a tiny one.
    one, two = ways
    persons = pair.a.rows.persons[pair.row_a]
    found = compare(one, two, persons, threshold=TINY, group=codes, n_groups=size)
    return pd.DataFrame({"gained": found.hidden, "lost": found.added})


def _band(pair: Pair, codes: Ints | None, size: int) -> tuple[Floats, Floats] | None:
    """Band of B's persons covered less A's; None when their errors or people are not the same."""
    if not (pair.same_errors and pair.same_people):
        return None
    one, two = (
        Travels(
            queries.impedance(rows, side.view),
            queries.threshold(side.view),
            queries.uncertainty(rows, side.view),
        )
        for side, rows in (
            (pair.a, pair.a.rows.take(pair.row_a)),
            (pair.b, pair.b.rows.take(pair.row_b)),
        )
    )
    persons = pair.a.rows.persons[pair.row_a]
    found = covered_difference(one, two, persons, group=codes, n_groups=size)
    return found.low, found.high


def places(pair: Pair, by: Breakdown) -> pd.DataFrame:
    """Set every state, county or group of both sides beside each other.

    Parameters
    ----------
    pair : Pair
        Two sides.
    by : str
        As `Selection.by`.

    Returns
    -------
    DataFrame
        group, label; population, covered, beyond, share, share_low, share_high, median, each
        with _a and _b (persons whole; shares of the covered, 0 to 1; medians in the unit of the
        pair, inf where half have no road); covered_change, share_change, median_change (B less
        A; nan where a side has nobody or no road); and covered_low, covered_high where
        groups do not overlap and the sides share errors and people. Largest change first.
    """
    one, two = (_breakdown(pair, side, by) for side in (pair.a, pair.b))
    frame = one.merge(two, on="group", how="outer", suffixes=("_a", "_b"), sort=False)
    frame.insert(1, "label", frame.pop("label_a").fillna(frame.pop("label_b")))
    counts = [f"{name}_{side}" for name in ("population", "covered", "beyond") for side in "ab"]
    frame[counts] = frame[counts].fillna(0).astype(np.int64)
    with np.errstate(invalid="ignore"):
        frame = frame.assign(
            covered_change=frame["covered_b"] - frame["covered_a"],
            share_change=frame["share_b"] - frame["share_a"],
            median_change=_less(frame["median_b"], frame["median_a"]),
        )
    band = _group_bands(pair, by)
    if band is not None:
        frame = frame.merge(band, on="group", how="left")
    order = frame["covered_change"].abs().to_numpy().argsort(kind="stable")[::-1]
    return frame.iloc[order].reset_index(drop=True)


def _less(second: pd.Series, first: pd.Series) -> Floats:
    found = second.to_numpy(float) - first.to_numpy(float)
    return np.where(np.isfinite(found), found, np.nan)


def _breakdown(pair: Pair, side: Side, by: Breakdown) -> pd.DataFrame:
    view = replace(side.view, by=by)
    found = queries.breakdown(pair.areas, side.rows, view)
    unit = queries.travel_unit(view)
    if unit != pair.unit:
        other = replace(view, metric=pair.travel_view.metric, units=pair.travel_view.units)
        other_found = queries.breakdown(pair.areas, side.rows, other)
        found[f"median_{pair.unit}"] = other_found[f"median_{pair.unit}"]
    return pd.DataFrame(
        {
            "group": found["group"],
            "label": found["label"],
            "population": found["population"],
            "covered": found["covered"],
            "beyond": found["beyond"],
            "share": found["share_covered"],
            "share_low": found["share_low"],
            "share_high": found["share_high"],
            "median": found[f"median_{pair.unit}"],
        }
    )


def _group_bands(pair: Pair, by: Breakdown) -> pd.DataFrame | None:
    """Band of the change of every group, where each row of people is in one of them."""
    if by in queries.OVERLAPPING or by == "county":
        return None
    _, codes, groups, _ = queries.by_codes(pair.areas, pair.a.rows.take(pair.row_a), by)
    band = _band(pair, codes, len(groups))
    if band is None:
        return None
    return pd.DataFrame({"group": groups, "covered_low": band[0], "covered_high": band[1]})


def shading(pair: Pair, change: str) -> dict[str, float]:
    """Give each county its change from A to B, for the map.

    Parameters
    ----------
    pair : Pair
        Two sides.
    change : {"travel", "share"}
        Mean change of travel of a person (below 0: shorter in B), ways beyond `LONGEST` counted as
        that; or change of the share within the threshold in per cent points (above 0: more in B).

    Returns
    -------
    dict of str to float
        By county code, of the people whom both count; counties without are left out.
    """
    rows = pair.a.rows.take(pair.row_a)
    parts = queries.by_county(pair.areas, rows)
    if change == "travel":
        first, second, _ = travels(pair)
        value = -saved_by(first, second)
    else:
        ways = [
            queries.impedance(side.rows, side.view)[row]
            for side, row in ((pair.a, pair.row_a), (pair.b, pair.row_b))
        ]
        within = [
            np.where(np.isnan(way), np.nan, way <= queries.threshold(side.view))
            for way, side in zip(ways, (pair.a, pair.b), strict=True)
        ]
        value = 100 * (within[1] - within[0])
    value = value[parts.row]
    known = ~np.isnan(value)
    size = len(parts.names)
    people = np.bincount(parts.county[known], parts.persons[known], size)
    total = np.bincount(parts.county[known], (value * parts.persons)[known], size)
    some = np.flatnonzero(people > 0)
    # Rounding must not make a change of what has none.
    mean = np.where(np.abs(total[some]) < TINY, 0.0, total[some] / people[some])
    return dict(zip([parts.names[i] for i in some], mean.tolist(), strict=True))


def sites(pair: Pair) -> pd.DataFrame:
    """List the open sites of both sides.

    Returns
    -------
    DataFrame
        where (one of `IN_BOTH`), then `SITE_COLUMNS` without role, role_a and role_b ("" where it
        is not open); those of one side only first, new sites before centres.
    """
    one, two = (side.sites[list(SITE_COLUMNS)] for side in (pair.a, pair.b))
    frame = pd.concat([one, two]).drop_duplicates("id").drop(columns="role")
    roles = {
        name: frame["id"].map(dict(zip(side["id"], side["role"], strict=True))).fillna("")
        for name, side in (("role_a", one), ("role_b", two))
    }
    frame = frame.assign(**roles)
    which = np.select(
        [frame["role_b"] == "", frame["role_a"] == ""], [ONLY_A, ONLY_B], default=BOTH
    )
    frame.insert(0, "where", [IN_BOTH[i] for i in which])
    frame = frame.assign(_which=which, _new=frame["kind"] != "New site")
    return (
        frame.sort_values(["_which", "_new", "state", "name"], kind="stable")
        .drop(columns=["_which", "_new"])
        .reset_index(drop=True)
    )


def gaps(pair: Pair) -> pd.DataFrame:
    """Compare how unequally travel is shared on both sides.

    Returns
    -------
    DataFrame
        measure, about, unit ("points", "travel" or "index"), then a and b with _low and _high (nan
        where there is no band), and change (b less a): in every dimension the widest gap of shares
        beyond and of medians to the reference group, then the indexes.
    """
    found = [_inequality(pair, side) for side in (pair.a, pair.b)]
    frame = found[0].merge(found[1], on=["key", "unit"], how="outer", suffixes=("_a", "_b"))
    order = {key: at for at, key in enumerate([*found[0]["key"], *found[1]["key"]])}
    frame = frame.iloc[frame["key"].map(order).argsort(kind="stable")].reset_index(drop=True)
    about = [
        one if one == other or not isinstance(other, str) else
        other if not isinstance(one, str) else f"A: {one}; B: {other}"
        for one, other in zip(frame["about_a"], frame["about_b"], strict=True)
    ]  # fmt: skip
    return pd.DataFrame(
        {
            "measure": frame["key"].str.partition("|")[0],
            "about": about,
            "unit": frame["unit"],
            **{
                f"{side}{end}": frame[f"value{end}_{side}"]
                for side in "ab"
                for end in ("", "_low", "_high")
            },
            "change": _less(frame["value_b"], frame["value_a"]),
        }
    )


def _inequality(pair: Pair, side: Side) -> pd.DataFrame:
    """Measure the gaps and indexes of one side."""
    own = side.view
    shown = replace(own, metric=pair.travel_view.metric, units=pair.travel_view.units)
    ground = fairness.ground(pair.areas, side.rows, own)
    middle = ground if shown.metric == own.metric else fairness.ground(
        pair.areas, side.rows, shown
    )  # fmt: skip
    spreads = fairness.spread(middle, shown)
    records: list[dict[str, object]] = []

    def note(key: str, about: str, unit: str, band: tuple[float, float, float]) -> None:
        names = ("value", "value_low", "value_high")
        records.append(
            {"key": key, "about": about, "unit": unit} | dict(zip(names, band, strict=True))
        )

    for row in fairness.dimension_gaps(ground, spreads, own).to_dict("records"):
        note(
            f"Gap of shares beyond by {row['dimension_label'].lower()}|{row['dimension']}",
            f"{row['group']} against {row['reference']}",
            "points",
            (row["gap"], row["gap_low"], row["gap_high"]),
        )
    for dimension in fairness.DIMENSIONS:
        widest = _widest_median(spreads, dimension)
        if widest is not None:
            group, value = widest
            note(
                f"Gap of medians by {LABELS['by'][dimension].lower()}|{dimension}",
                f"{group} against {fairness.REFERENCES[dimension]}",
                "travel",
                (value, float("nan"), float("nan")),
            )
    unequal = fairness.inequality(pair.areas, side.rows, own)
    beyond = "people beyond the threshold, by income of the area"
    travel = f"{fairness.measure(own)} of travel"
    for name, about, index in (
        ("Concentration index of travel", f"{travel}, by income of the area", unequal.travel),
        ("Gini index", travel, unequal.gini),
        ("Erreygers index", beyond, unequal.erreygers),
        ("Wagstaff index", beyond, unequal.wagstaff),
        ("Concentration index of being beyond", beyond, unequal.beyond),
    ):
        note(name, about, "index", (index.value, index.low, index.high))
    return pd.DataFrame(records)


def _widest_median(spreads: pd.DataFrame, dimension: str) -> tuple[str, float] | None:
    """Group with the longest median beside the reference group, and how much longer it is."""
    rows = spreads[(spreads["dimension"] == dimension) & (spreads["people"] >= fairness.FEWEST)]
    reference = fairness.REFERENCES[dimension]  # type: ignore[index]  # one of the dimensions
    base = rows.loc[rows["group"] == reference, "median"]
    others = rows[~rows["group"].isin([reference, queries.UNKNOWN])]
    others = others[np.isfinite(others["median"])]
    if base.empty or not np.isfinite(base.iloc[0]) or others.empty:
        return None
    worst = others.loc[others["median"].idxmax()]
    return str(worst["group"]), float(worst["median"] - base.iloc[0])
