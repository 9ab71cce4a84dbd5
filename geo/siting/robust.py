"""How often a site is chosen when the inputs are only known within their errors."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geo.results import Floats
from geo.siting.demand import Entries, People, coverage_gains, savings_gains
from geo.siting.maximal import maximise
from geo.siting.problem import Control, Gains, Ints, Progress, Rules, Status
from geo.validate import Problems

SAMPLE_SECONDS = 20.0
EVERY = 0.95
"""Sites chosen in at least this share of the samples belong in every plan."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Errors of the inputs, as sigma of the logarithm.

    Parameters
    ----------
    speed : float
        Of all travel times together.
    trip : float
        Of each area's way to each site, on top.
    demand : float
        Of the people of each area.
    threshold : float
        Of the threshold itself: how sure it is that this is the right one.
    """

    speed: float = 0.025
    trip: float = 0.125
    demand: float = 0.05
    threshold: float = 0.05

    def __post_init__(self) -> None:
        """Check the ranges."""
        problems = Problems()
        for name in self.__slots__:
            if not 0 <= getattr(self, name) <= 1:
                problems.add(f"{name} must be 0 to 1, got {getattr(self, name)}")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True, eq=False)
class Robust:
    """Choices over all samples.

    Parameters
    ----------
    frequency : ndarray, shape (m,)
        Share of the samples in whose best plan an option is.
    low, high : ndarray, shape (m,)
        95% Wilson interval of it.
    samples : int
        Samples solved.
    objective : ndarray, shape (samples,)
        Gain of each sample's best plan.
    unproven : int
        Samples whose plan was not proven best in time.
    status : str
        "optimal" when all samples were solved.
    """

    frequency: Floats
    low: Floats
    high: Floats
    samples: int
    objective: Floats
    unproven: int
    status: Status

    @property
    def certain(self) -> Ints:
        """Options that belong in every plan."""
        return np.flatnonzero(self.frequency >= EVERY)


def sampler(
    found: Entries, people: People, limit: float, spread: Spread, *, savings: bool = False
) -> Callable[[int], Gains]:
    """Give a function that makes the gains of one sample of the inputs.

    Parameters
    ----------
    found : Entries
        Ways, some of them longer than the limit, that shorter trips may bring within it.
    people : People
        Rows.
    limit : float
        Threshold, or longest trip for minutes saved.
    spread : Spread
        Errors.
    savings : bool
        Minutes saved instead of persons covered.

    Returns
    -------
    callable
        Of the sample's number, with the same answer for the same number.
    """

    def sample(number: int) -> Gains:
        rng = np.random.default_rng((20260101, number))
        speed = np.exp(spread.speed * rng.standard_normal())
        threshold = limit * np.exp(spread.threshold * rng.standard_normal())
        size = len(people.weight)
        weight = people.weight * np.exp(spread.demand * rng.standard_normal(size))
        now = people.minutes * speed * np.exp(spread.trip * rng.standard_normal(size))
        trips = np.exp(spread.trip * rng.standard_normal(len(found.minutes)))
        ways = Entries(found.option, found.row, found.minutes * speed * trips, found.n_options)
        make = savings_gains if savings else coverage_gains
        return make(ways, People(people.area, weight, now), float(threshold))

    return sample


def choices(
    sample: Callable[[int], Gains], rules: Rules, samples: int, control: Control | None = None
) -> Robust:
    """Solve many samples of one question, and count what is chosen.

    Parameters
    ----------
    sample : callable
        Gains of a sample, from `sampler`.
    rules : Rules
        What every plan must respect.
    samples : int
        How many, >= 1.
    control : Control, optional
        Time limit (60 s), progress, cancel. When it stops, the samples solved so far count.

    Returns
    -------
    Robust
    """
    if samples < 1:
        Problems().add(f"samples must be at least 1, got {samples}").raise_if_any()
    control = control or Control()
    times = np.zeros(rules.n_options)
    objective: list[float] = []
    unproven, status = 0, "optimal"
    for number in range(samples):
        if stopped := control.stopped():
            status = stopped
            break
        limit = Control(min(SAMPLE_SECONDS, max(control.left, 0.1)), cancelled=control.cancelled)
        plan = maximise(sample(number), rules, limit)
        if plan.status == "cancelled":
            status = "cancelled"
            break
        if plan.status == "infeasible":
            Problems().add("; ".join(plan.reasons)).raise_if_any()
        unproven += plan.status != "optimal"
        times[plan.chosen] += 1
        objective.append(plan.objective)
        control.report(Progress(f"{number + 1} of {samples} samples", (number + 1) / samples))
    solved = len(objective)
    share = times / max(solved, 1)
    low, high = wilson(share, solved)
    return Robust(share, low, high, solved, np.array(objective), unproven, status)  # type: ignore[arg-type]  # a Status


def wilson(share: Floats, n: int, z: float = 1.96) -> tuple[Floats, Floats]:
    """Wilson score interval of shares (1927, doi:10.1080/01621459.1927.10502953)."""
    if n == 0:
        return np.zeros_like(share), np.ones_like(share)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low: Floats = np.clip(middle - half, 0.0, 1.0)
    high: Floats = np.clip(middle + half, 0.0, 1.0)
    return low, high
