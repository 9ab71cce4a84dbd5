"""What would change if a blood centre gave the treatment (pure)."""

from dataclasses import dataclass

from dashboard import queries
from dashboard.state import Selection
from geo.equity import weighted_median


@dataclass(frozen=True, slots=True)
class Opening:
    """One more treatment centre, for the people counted.

    Parameters
    ----------
    newly : float
        Persons within the threshold of it and of no other centre.
    nearest : float
        Persons for whom it would be the nearest centre, at any distance.
    saved_minutes : float
        What half of those save at least on the way; inf where they can reach no centre today, nan
        without such people. In minutes also where the threshold is a distance: the nearest centre
        is the one that is reached first.
    """

    newly: float
    nearest: float
    saved_minutes: float


def of_one(
    before: queries.Rows,
    after: queries.Rows,
    there: queries.Rows,
    site: int,
    selection: Selection,
) -> Opening:
    """Compare people's ways with and without one more centre.

    Parameters
    ----------
    before, after, there : Rows
        The same people in the same order: with the centres of today, with the new one, and with
        the new one alone. A threshold in miles needs the last: the new centre may be within so
        many miles where another is reached sooner.
    site : int
        What `after.site` calls the new centre.
    selection : Selection
        Threshold and metric.

    Returns
    -------
    Opening
    """
    was, will = queries.impedance(before, selection), queries.impedance(there, selection)
    limit, moved = queries.threshold(selection), after.site == site
    newly = (will <= limit) & ~(was <= limit)
    return Opening(
        newly=float(before.persons[newly].sum()),
        nearest=float(before.persons[moved].sum()),
        saved_minutes=weighted_median(
            before.minutes[moved] - after.minutes[moved], before.persons[moved]
        ),
    )
