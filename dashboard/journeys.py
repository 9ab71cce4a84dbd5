"""Courses of care as journeys: what each way to organise them costs patients (pure).

Engines: `geo.journeys` and `geo.burden`. Methods: docs/methods.md, Journeys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from dashboard import journey_courses, place_groups, queries
from dashboard.journey_courses import COLLECTION, HUB, NEAR_HOME, THERAPIES, Therapy
from dashboard.journey_state import MEASURES, MODELS, Bound, Course, Measure, Model
from dashboard.patient_growth import Projection
from geo import burden, journeys
from geo.burden import MINUTES_PER_HOUR
from geo.demand import BOUNDS
from geo.network import Ints
from geo.results import Floats
from geo.travel import Nearest
from geo.units import km_to_miles

Component = Literal["mileage", "lodging", "meals", "patient_wages", "caregiver_wages"]
COMPONENTS: Final[dict[Component, str]] = {
    "mileage": "Mileage",
    "lodging": "Lodging",
    "meals": "Meals",
    "patient_wages": "Wages of patients",
    "caregiver_wages": "Wages of caregivers",
}


AUDIENCES: Final = ("adult", "pediatric")


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """One way from where people live to each place of care.

    Parameters
    ----------
    rows : Rows
        People with their nearest treatment centre.
    minutes, distance_km : ndarray, shape (3, n)
        To the treatment centre, the place of collection and the site near home, in that order: the
        nearest of its kind, or the treatment centre where that is nearer. inf unreachable, nan no
        data.
    income : ndarray, shape (n,)
        Yearly income of the median household, US dollars; nan where it is not known.
    """

    rows: queries.Rows
    minutes: Floats
    distance_km: Floats
    income: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Rows of people, split where their area spans groups, and the group of each part.

    Parameters
    ----------
    row : ndarray of int, shape (p,)
        Row that each part is of.
    share : ndarray, shape (p,)
        Part of the row's patients, or any other weight.
    code : ndarray of int, shape (p,)
        Group.
    ids, labels : list of str
        Identifier and name of every group.
    """

    row: Ints
    share: Floats
    code: Ints
    ids: list[str]
    labels: list[str]


@dataclass(frozen=True, slots=True, eq=False)
class Spent:
    """What one model takes of the patients of each group, in a year.

    Parameters
    ----------
    reached, no_data : ndarray, shape (g,)
        Patients who can go to every place, and without data on one.
    both : ndarray, shape (g,)
        Patients reached who are also reached with all care at the treatment centre.
    amounts : ndarray, shape (8, g)
        By `geo.journeys.AMOUNTS`, of those reached.
    saved : ndarray, shape (8, g)
        Less than with all care at the treatment centre, of `both`.
    """

    reached: Floats
    no_data: Floats
    both: Floats
    amounts: Floats
    saved: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """What one way to organise care costs all patients of a year.

    All arrays have shape (3,): low, central, high, everything at that end at once.
    ``reached + unreachable + no_data`` is all patients.

    Parameters
    ----------
    model : str
        One of `journey_state.MODELS`.
    reached : ndarray
        Patients who can go to every place of their course by road.
    unreachable, no_data : ndarray
        Patients without a road to some place, and in areas without data.
    amounts : dict of str to ndarray
        Trips, miles, hours of travel, nights away and US dollars of those reached.
    components : dict of str to ndarray
        The dollars of each of `COMPONENTS`; they add up to them.
    saved : dict of str to ndarray
        What those also reached with all care at the treatment centre save against it.
    saved_of : ndarray
        How many those are.
    hospital_nights : ndarray
        Nights in hospital of those reached; no part of the nights away.
    income_share : ndarray
        Dollars over the yearly income of the median household in the patients' areas, mean of
        those reached whose area has an income.
    """

    model: Model
    reached: Floats
    unreachable: Floats
    no_data: Floats
    amounts: dict[Measure, Floats]
    components: dict[Component, Floats]
    saved: dict[Measure, Floats]
    saved_of: Floats
    hospital_nights: Floats
    income_share: Floats

    def per_patient(self, measure: Measure) -> Floats:
        """Mean of those reached, shape (3,); nan where nobody is.

        The low mean is of the low amounts of the low number of patients, and so on.
        """
        return _over(self.amounts[measure], self.reached)

    def total(self, measure: Measure, bound: str = "central") -> float:
        """Give one amount of all those reached."""
        return float(self.amounts[measure][BOUNDS.index(bound)])


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """Journeys of all patients of a view.

    Parameters
    ----------
    totals : dict of str to Totals
        By model.
    comparison : DataFrame
        A row for each model: patients, amounts per patient and in total, what is saved.
    groups : DataFrame
        A row for each group: patients, amounts per patient at the treatment centre and with the
        chosen model, what is saved.
    """

    totals: dict[Model, Totals]
    comparison: pd.DataFrame
    groups: pd.DataFrame


def _over(amount: Floats, count: Floats) -> Floats:
    out = np.full(np.broadcast(amount, count).shape, np.nan)
    found: Floats = np.divide(amount, count, out=out, where=count > 0)
    return found


def ways_of(
    areas: queries.Areas, rows: queries.Rows, collection: Nearest, near_home: Nearest
) -> Ways:
    """Put the ways of every row together.

    Parameters
    ----------
    areas : Areas
        Where people live.
    rows : Rows
        People with their nearest treatment centre.
    collection, near_home : Nearest
        Of every area: nearest blood centre that collects, nearest of any kind.

    Returns
    -------
    Ways
    """
    kinds = (rows, collection, near_home)
    minutes = np.stack([rows.minutes, *(found.minutes[rows.area] for found in kinds[1:])])
    distance = np.stack([rows.distance_km, *(found.distance_km[rows.area] for found in kinds[1:])])
    for place in (COLLECTION, NEAR_HOME):
        taken = journeys.nearer(HUB, place, minutes, distance)
        minutes[place], distance[place] = taken
    income = areas.frame["median_household_income_usd"].to_numpy(dtype=float, na_value=np.nan)
    return Ways(rows, minutes, distance, np.where(income > 0, income, np.nan)[rows.area])


def patients_by_therapy(
    rows: queries.Rows, projection: Projection, bound: Bound, year: int
) -> dict[Therapy, Floats]:
    """Patients of a year by therapy.

    Parameters
    ----------
    rows : Rows
        People.
    projection : Projection
        Patients by indication.
    bound : {"low", "central", "high"}
        Which end of the range.
    year : int
        Calendar year.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        By therapy; together all patients.
    """
    weights = projection.weights(bound)[:, int(year - projection.years[0])]
    found: dict[Therapy, Floats] = {}
    for therapy, keys in THERAPIES.items():
        chosen = np.array([key in keys for key in projection.keys]) & (weights > 0)
        adult, child = (
            weights[chosen] @ projection.base[who][chosen, BOUNDS.index(bound)] for who in AUDIENCES
        )
        found[therapy] = np.where(rows.adult, adult[rows.area], child[rows.area])
    return found


def by_course(patients: Mapping[Therapy, Floats], outpatient: float) -> dict[Course, Floats]:
    """Share patients out over the courses of their therapy.

    Parameters
    ----------
    patients : mapping of str to ndarray
        By therapy.
    outpatient : float
        Share of CAR-T patients who start as outpatients, 0 to 1.

    Returns
    -------
    dict of str to ndarray
        By course; together all patients.
    """
    return {
        "cart_outpatient": outpatient * patients["cart"],
        "cart_inpatient": (1 - outpatient) * patients["cart"],
        "autologous": patients["autologous"],
        "allogeneic": patients["allogeneic"],
        "gene": patients["gene"],
    }


def spent(
    ways: Ways, patients: Mapping[Course, Floats], values: Mapping[str, float], parts: Parts
) -> dict[Model, Spent]:
    """Follow all patients of a year under every model.

    What a course takes depends on a way only by the rules it breaks, but for the length of the
    trips. So every course is followed once for each such class of ways, and the ways of a class
    are added up.

    Parameters
    ----------
    ways : Ways
        To the places of care.
    patients : mapping of str to ndarray, shape (n,)
        Patients a year by course.
    values : mapping of str to float
        Parameters of one end of the range.
    parts : Parts
        Groups.

    Returns
    -------
    dict of str to Spent
    """
    rules = journey_courses.rules_of(values)
    classes, first = _classes(ways.minutes, rules)
    minutes = ways.minutes[:, first]
    cells = _Cells.of(parts.code, classes[parts.row], len(first), len(parts.ids))
    lengths = np.concatenate([ways.distance_km, ways.minutes])[:, parts.row]
    lengths = np.where(np.isfinite(lengths), lengths, 0)
    found = {model: _nothing(len(parts.ids)) for model in MODELS}
    for course, persons in patients.items():
        if not persons.any():
            continue
        weights = persons[parts.row] * parts.share
        counts = cells.summed(weights)
        sums = np.stack([cells.summed(weights * length) for length in lengths])
        each = [
            _Class.of(minutes, journey_courses.phases(course, model, values), rules)
            for model in MODELS
        ]
        saved = [each[0].less(one) for one in each]
        amounts = _amounts([*each, *saved], cells, counts, sums)
        for at, (sums_of, one) in enumerate(zip(found.values(), each, strict=True)):
            persons_of = np.stack([one.reached, one.no_data, saved[at].reached])
            reached, no_data, both = cells.by_group(persons_of[:, cells.class_of] * counts)
            sums_of.reached[:] += reached
            sums_of.no_data[:] += no_data
            sums_of.both[:] += both
            sums_of.amounts[:] += amounts[at]
            sums_of.saved[:] += amounts[len(each) + at]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Pairs of a group and a class of ways that occur, c of them, in order of groups.

    `of_row` (p,) is the cell of each part, `class_of` (c,) the class of each cell; the cells of
    the groups `present` begin at `begins`.
    """

    of_row: Ints
    class_of: Ints
    begins: Ints
    present: Ints
    groups: int

    @classmethod
    def of(cls, group: Ints, classes: Ints, n_classes: int, groups: int) -> "_Cells":
        """Find them."""
        code = group * n_classes + classes
        occurs = np.bincount(code, minlength=n_classes * groups) > 0
        cells = np.flatnonzero(occurs)
        present, begins = np.unique(cells // n_classes, return_index=True)
        return cls((np.cumsum(occurs) - 1)[code], cells % n_classes, begins, present, groups)

    def summed(self, weights: Floats) -> Floats:
        """Add up parts by cell, shape (c,)."""
        found = np.bincount(self.of_row, weights, minlength=len(self.class_of))
        return found.astype(np.float64, copy=False)

    def by_group(self, values: Floats) -> Floats:
        """Add up cells, the last axis, by group."""
        out = np.zeros((*values.shape[:-1], self.groups))
        if self.present.size:
            out[..., self.present] = np.add.reduceat(values, self.begins, axis=-1)
        return out


def _classes(minutes: Floats, rules: journeys.Rules) -> tuple[Ints, Ints]:
    """Class of each row by the rules that its ways break, and the first row of each class."""
    limits = (rules.daily, rules.radius, rules.day_trip)
    code = np.zeros(minutes.shape[1], dtype=np.intp)
    for way in minutes:
        bits = sum((way > limit).astype(np.intp) << at for at, limit in enumerate(limits))
        bits = np.where(np.isnan(way), 9, np.where(np.isinf(way), 8, bits))
        code = code * 10 + bits
    _, first, classes = np.unique(code, return_index=True, return_inverse=True)
    return classes, first


def _nothing(groups: int) -> Spent:
    size = len(journeys.AMOUNTS)
    return Spent(
        np.zeros(groups),
        np.zeros(groups),
        np.zeros(groups),
        np.zeros((size, groups)),
        np.zeros((size, groups)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Class:
    """One course under one model, from each of k classes of ways.

    `fixed` (8, k) is what does not grow with the way, `trips` (3, k) the round trips to each
    place; both are 0 where the course is not reached.
    """

    reached: Floats
    no_data: Floats
    fixed: Floats
    trips: Floats

    @classmethod
    def of(
        cls, minutes: Floats, phases: tuple[journeys.Phase, ...], rules: journeys.Rules
    ) -> "_Class":
        """Follow the course to places that are each one kilometre away, one after the other."""
        found = [
            journeys.journey(minutes, np.repeat(one[:, None], minutes.shape[1], 1), phases, rules)
            for one in np.eye(len(minutes))
        ]
        reached = np.isfinite(found[0][0])
        fixed = np.where(reached, found[0], 0)
        fixed[[journeys.KM, journeys.MINUTES]] = 0
        trips = np.stack([np.where(reached, one[journeys.KM], 0) for one in found]) / 2
        return cls(reached.astype(float), np.isnan(found[0][0]).astype(float), fixed, trips)

    def less(self, other: "_Class") -> "_Class":
        """Subtract the other, where both are reached."""
        both = self.reached * other.reached
        return _Class(
            both,
            np.maximum(self.no_data, other.no_data),
            (self.fixed - other.fixed) * both,
            (self.trips - other.trips) * both,
        )


def _amounts(tables: Sequence[_Class], cells: _Cells, counts: Floats, sums: Floats) -> Floats:
    """Add up over classes of ways.

    Parameters
    ----------
    tables : sequence of _Class
        m of them.
    cells : _Cells
        Groups and classes.
    counts : ndarray, shape (c,)
        Patients of every cell.
    sums : ndarray, shape (6, c)
        Of these, kilometres to the three places, then minutes.

    Returns
    -------
    ndarray, shape (m, 8, g)
        By `geo.journeys.AMOUNTS`.
    """
    values = np.stack([one.fixed for one in tables])[:, :, cells.class_of] * counts
    trips = 2 * np.stack([one.trips for one in tables])[:, :, cells.class_of]
    places = trips.shape[1]
    values[:, journeys.KM] = (trips * sums[:places]).sum(axis=1)
    values[:, journeys.MINUTES] = (trips * sums[places:]).sum(axis=1)
    return cells.by_group(values)


def measures(amounts: Floats, prices: burden.Prices) -> dict[Measure, Floats]:
    """Turn amounts into what the page shows.

    Parameters
    ----------
    amounts : ndarray, shape (8, n)
        By `geo.journeys.AMOUNTS`; sums over patients, and differences, too.
    prices : Prices
        Prices and persons.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Trips, miles, hours, nights, US dollars.
    """
    return {
        "trips": amounts[journeys.TRIPS],
        "miles": np.asarray(km_to_miles(amounts[journeys.KM])),
        "hours": amounts[journeys.MINUTES] / MINUTES_PER_HOUR,
        "nights": journeys.nights(amounts),
        "dollars": burden.cost(amounts, prices).sum(axis=0),
    }


def totals(
    ways: Ways,
    patients: Mapping[Bound, Mapping[Course, Floats]],
    values: Mapping[Bound, Mapping[str, float]],
) -> dict[Model, Totals]:
    """Add up all rows, at both ends of the range and between.

    Parameters
    ----------
    ways : Ways
        To the places of care.
    patients, values : mapping by bound
        Patients by course; parameters.

    Returns
    -------
    dict of str to Totals
    """
    known = ~np.isnan(ways.income)
    inverse = np.divide(1.0, ways.income, out=np.zeros(known.size), where=known)
    parts = _weighted(np.ones(known.size), inverse, known.astype(float))
    found = {bound: spent(ways, patients[bound], values[bound], parts) for bound in patients}
    prices = [journey_courses.prices_of(values[bound]) for bound in patients]
    persons = np.array([sum(float(p.sum()) for p in patients[b].values()) for b in patients])
    return {
        model: _totals(model, persons, [found[bound][model] for bound in patients], prices)
        for model in MODELS
    }


def _weighted(*shares: Floats) -> Parts:
    """Put all rows in one group for each of several weights."""
    size, count = len(shares[0]), len(shares)
    names = [str(at) for at in range(count)]
    rows = np.tile(np.arange(size), count)
    return Parts(rows, np.concatenate(shares), np.repeat(np.arange(count), size), names, names)


def _totals(
    model: Model, persons: Floats, sums: Sequence[Spent], prices: Sequence[burden.Prices]
) -> Totals:
    """Take the sums over patients, over patients by income, and over those with an income."""
    reached = np.array([one.reached[0] for one in sums])
    no_data = np.array([one.no_data[0] for one in sums])
    pairs = list(zip(sums, prices, strict=True))
    amounts = [measures(one.amounts, price) for one, price in pairs]
    saved = [measures(one.saved, price) for one, price in pairs]
    parts = [burden.cost(one.amounts, price) for one, price in pairs]
    shares = [float(part[:, 1].sum()) for part in parts]
    return Totals(
        model=model,
        reached=reached,
        unreachable=np.maximum(persons - reached - no_data, 0),
        no_data=no_data,
        amounts={name: np.array([one[name][0] for one in amounts]) for name in MEASURES},
        components={
            name: np.array([part[i, 0] for part in parts]) for i, name in enumerate(COMPONENTS)
        },
        saved={name: np.array([one[name][0] for one in saved]) for name in MEASURES},
        saved_of=np.array([one.both[0] for one in sums]),
        hospital_nights=np.array(
            [one.amounts[[journeys.ADMITTED_NEAR, journeys.ADMITTED_FAR], 0].sum() for one in sums]
        ),
        income_share=_over(np.array(shares), np.array([one.reached[2] for one in sums])),
    )


def comparison(found: Mapping[Model, Totals]) -> pd.DataFrame:
    """Set the models side by side.

    Parameters
    ----------
    found : mapping of str to Totals
        From `totals`.

    Returns
    -------
    DataFrame
        A row for each model and bound: model, label, bound, patients reached, unreachable and
        without data; of every measure `{measure}` in total, `{measure}_per_patient`,
        `{measure}_saved` and `{measure}_saved_per_patient`; every component of the dollars;
        hospital nights; share of income.
    """
    rows: list[dict[str, object]] = []
    for model, one in found.items():
        for at, bound in enumerate(BOUNDS):
            row: dict[str, object] = {
                "model": model,
                "label": MODELS[model],
                "bound": bound,
                "reached": one.reached[at],
                "unreachable": one.unreachable[at],
                "no_data": one.no_data[at],
            }
            for name in MEASURES:
                row[name] = one.amounts[name][at]
                row[f"{name}_per_patient"] = one.per_patient(name)[at]
                row[f"{name}_saved"] = one.saved[name][at]
                row[f"{name}_saved_per_patient"] = _over(one.saved[name], one.saved_of)[at]
            row |= {name: one.components[name][at] for name in COMPONENTS}
            row["hospital_nights"] = one.hospital_nights[at]
            row["income_share"] = one.income_share[at]
            rows.append(row)
    return pd.DataFrame(rows)


def parts_of(areas: queries.Areas, rows: queries.Rows, split: str) -> Parts:
    """Find the group of every row.

    Parameters
    ----------
    areas : Areas
        Where people live.
    rows : Rows
        At most one row per area and audience.
    split : str
        State, county, metro area, referral region, region, division, rurality, income or poverty;
        only counties split rows.

    Returns
    -------
    Parts
    """
    if split == "county":
        found = place_groups.grouped(areas, rows, "county")
        return Parts(found.row, found.share, found.code, found.ids, found.labels)
    _, codes, ids, labels = queries.by_codes(areas, rows, split)
    size = rows.area.size
    last = np.where(codes < 0, len(ids) - 1, codes)
    return Parts(np.arange(size), np.ones(size), last, ids, labels)


def groups(
    found: Mapping[Model, Spent], parts: Parts, prices: burden.Prices, model: Model
) -> pd.DataFrame:
    """Arrange groups as a table.

    Parameters
    ----------
    found : mapping of str to Spent
        From `spent`, of one end of the range and the groups of `parts`.
    parts : Parts
        Groups.
    prices : Prices
        Of the same end.
    model : str
        Model that is set beside all care at the treatment centre.

    Returns
    -------
    DataFrame
        A row for each group with patients: group, label, patients reached; of every measure
        `{measure}_hub` and `{measure}` per patient, `{measure}_saved` in total and
        `{measure}_saved_per_patient`.
    """
    hub, other = found["hub"], found[model]
    at_hub, here, saved = (
        measures(amounts, prices) for amounts in (hub.amounts, other.amounts, other.saved)
    )
    columns: dict[str, object] = {
        "group": parts.ids,
        "label": parts.labels,
        "patients": other.reached,
    }
    for name in MEASURES:
        columns[f"{name}_hub"] = _over(at_hub[name], hub.reached)
        columns[name] = _over(here[name], other.reached)
        columns[f"{name}_saved"] = saved[name]
        columns[f"{name}_saved_per_patient"] = _over(saved[name], other.both)
    frame = pd.DataFrame(columns)
    return frame[frame["patients"] > 0].reset_index(drop=True)
