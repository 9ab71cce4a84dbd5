"""Catchments: counted on paper, and against taking each site out and counting again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.catchments import Catchments, Choices, catchments, most_chosen, second_nearest
from geo.errors import InputError
from geo.network import Ints
from geo.results import Floats
from geo.travel import Nearest, Points, StraightLine

INF, NAN = np.inf, np.nan


def nearest_of(minutes: Floats, km: Floats, rows: Ints) -> Nearest:
    """Nearest by search through a table of areas by sites, in plain Python."""
    found = []
    for m, k in zip(minutes.tolist(), km.tolist(), strict=True):
        if m[0] != m[0]:
            found.append((NAN, NAN, -1))
            continue
        least = min(((m[s], k[s], at) for at, s in enumerate(rows) if m[s] < INF), default=None)
        found.append(least or (INF, INF, -1))
    first, second, third = zip(*found, strict=True)
    return Nearest(np.array(first, float), np.array(second, float), np.array(third))


def both(minutes: Floats, km: Floats) -> tuple[Nearest, Nearest]:
    count = minutes.shape[1]
    first = nearest_of(minutes, km, np.arange(count))
    return first, second_nearest(lambda rows: nearest_of(minutes, km, rows), first, count)


def counted(minutes: Floats, persons: Floats, limits: tuple[float, ...]) -> Catchments:
    first, second = both(minutes, minutes)
    with np.errstate(invalid="ignore"):
        extra = second.minutes - first.minutes
    rows = Choices(persons, first.site, second.site, first.minutes, second.minutes, extra)
    return catchments(rows, n_sites=minutes.shape[1], limits=limits)


def test_five_areas_by_hand() -> None:
    minutes = np.array(
        [
            [10.0, 40.0, 99.0],  # 100 people: first, then second, both within 60
            [60.0, 61.0, 90.0],  # 20: exactly at the threshold, without it beyond
            [80.0, 70.0, 90.0],  # 3: beyond in any case
            [INF, 50.0, INF],  # 4: one road only
            [NAN, NAN, NAN],  # 1,000: nothing known
        ]
    )
    found = counted(minutes, np.array([100.0, 20.0, 3.0, 4.0, 1000.0]), (60.0, 30.0))
    assert found.nearest.tolist() == [120, 7, 0]
    assert found.within.tolist() == [[120, 100], [4, 0], [0, 0]]
    assert found.lost.tolist() == [20, 4, 0]
    assert found.next_site.tolist() == [1, 0, -1]  # three people would go on to the first
    assert found.extra[:2].tolist() == [30, INF]  # 4 of its 7 people have no other
    assert np.isnan(found.extra[2])


def test_equal_sites_and_the_lowest_of_them() -> None:
    minutes = np.array([[5.0, 5.0, 5.0], [9.0, 5.0, 5.0]])
    first, second = both(minutes, minutes)
    assert first.site.tolist() == [0, 1]
    assert second.site.tolist() == [1, 2]
    km = np.array([[3.0, 2.0, 1.0], [9.0, 8.0, 7.0]])  # the shorter of equal times comes first
    first, second = both(minutes, km)
    assert first.site.tolist() == [2, 2]
    assert second.site.tolist() == [1, 1]


def test_a_single_site_has_no_other() -> None:
    found = counted(np.array([[10.0], [90.0]]), np.array([5.0, 2.0]), (60.0,))
    assert (found.nearest.tolist(), found.lost.tolist()) == ([7], [5])
    assert found.next_site.tolist() == [-1]
    assert found.extra.tolist() == [INF]


def test_nobody_and_no_site() -> None:
    none = np.array([])
    rows = Choices(none, none.astype(int), none.astype(int), none, none, none)
    assert catchments(rows, n_sites=2, limits=[60.0]).nearest.tolist() == [0, 0]
    assert catchments(rows, n_sites=0, limits=[60.0]).nearest.tolist() == []


def test_every_problem_is_named() -> None:
    one = np.array([1.0])
    rows = Choices(-one, np.array([3]), np.array([0]), one, one, one)
    with pytest.raises(InputError) as caught:
        catchments(rows, n_sites=2, limits=[])
    said = str(caught.value)
    assert "does not exist" in said
    assert "negative" in said
    assert "at least one limit" in said


def test_most_chosen_takes_the_lowest_of_equals() -> None:
    group, choice = np.array([0, 0, 1, 1, 2]), np.array([4, 2, 3, -1, 6])
    assert most_chosen(group, choice, np.array([1.0, 1, 1, 9, 0]), 4).tolist() == [2, 3, -1, -1]


tables = st.integers(1, 9).flatmap(
    lambda sites: st.lists(
        st.lists(st.sampled_from([1.0, 2.0, 3.0, 4.0, INF]), min_size=sites, max_size=sites),
        min_size=1,
        max_size=12,
    )
)


@given(tables, st.sampled_from([1.0, 2.0, 3.5, 9.0]), st.integers(0, 5))
def test_each_site_taken_out_in_turn(table: list[list[float]], limit: float, seed: int) -> None:
    """Times of one to four minutes only, so that ties are everywhere."""
    minutes = np.array(table)
    persons = np.random.default_rng(seed).integers(0, 50, len(minutes)).astype(float)
    found = counted(minutes, persons, (limit,))
    least = minutes.min(axis=1)
    assert found.nearest.sum() == persons[np.isfinite(least)].sum()
    assert found.within.sum() == persons[least <= limit].sum()
    for site in range(minutes.shape[1]):
        rest = np.delete(minutes, site, axis=1).min(axis=1, initial=INF)
        assert found.lost[site] == persons[least <= limit].sum() - persons[rest <= limit].sum()


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_the_sites_changes_no_count(table: list[list[float]], random: object) -> None:
    minutes = np.array(table) + np.linspace(0, 0.5, len(table[0]))  # no ties
    persons = np.arange(1.0, len(table) + 1)
    order = list(range(minutes.shape[1]))
    random.shuffle(order)  # type: ignore[attr-defined]
    one, other = counted(minutes, persons, (2.0,)), counted(minutes[:, order], persons, (2.0,))
    assert one.nearest[order].tolist() == other.nearest.tolist()
    assert one.lost[order].tolist() == other.lost.tolist()
    assert one.extra[order] == pytest.approx(other.extra, nan_ok=True)


@pytest.mark.parametrize("count", [1, 2, 3, 8, 37])
def test_second_nearest_on_the_globe(count: int) -> None:
    rng = np.random.default_rng(count)
    areas = Points(rng.uniform(30, 45, 200), rng.uniform(-110, -80, 200))
    lat, lon = rng.uniform(30, 45, count), rng.uniform(-110, -80, count)
    model = StraightLine()
    first = model.nearest(areas, Points(lat, lon))
    second = second_nearest(
        lambda rows: model.nearest(areas, Points(lat[rows], lon[rows])), first, count
    )
    for area in range(200):
        others = np.delete(np.arange(count), first.site[area])
        here = Points(areas.lat[[area]], areas.lon[[area]])
        rest = model.nearest(here, Points(lat[others], lon[others]))
        assert second.minutes[area] == rest.minutes[0]
        assert second.site[area] == (others[rest.site[0]] if count > 1 else -1)
