"""Findings of a briefing, gathered from the answers of all pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

from dashboard import (
    comparison_text,
    exports,
    fairness_text,
    figures,
    figures_places,
    journey_figures,
    journey_tables,
    journey_text,
    map_spec,
    opportunity,
    patient_figures,
    patient_text,
    queries,
    region_text,
    register_views,
    text,
    url_fields,
)
from dashboard.briefing.bundle import bundle
from dashboard.briefing.document import Briefing, Finding
from dashboard.briefing.pictures import Pictures
from dashboard.briefing_state import FINDINGS, BriefingSettings
from dashboard.comparison_state import ComparisonSettings
from dashboard.jobs import Job, Jobs
from dashboard.journey_state import JourneySettings
from dashboard.patient_state import PatientSettings
from dashboard.plan_state import PlanSettings
from dashboard.prints.caption import Caption, Kind, Size
from dashboard.services import (
    comparison,
    coverage,
    engine,
    equity,
    journeys,
    maps,
    patient_pages,
    planner,
    prints,
    regions,
    register,
)
from dashboard.services import opportunity as opportunity_answers
from dashboard.services.cache import cached
from dashboard.situations import Situation
from dashboard.state import Selection
from geo.errors import InputError
from geo.siting.problem import Control, Plan, Progress

LONG: Final = 120.0
"""Seconds that a briefing may take at most, a plan included."""
WORST: Final = 12
MOST_AREAS: Final = 12
REGION: Final = "hrr:"


def view_of(settings: BriefingSettings, view: Selection) -> Selection:
    """Fit a view to its template.

    Raises
    ------
    InputError
        The template needs a state or a referral region that is not chosen.
    """
    if settings.template == "national":
        return replace(view, state="", region="")
    if settings.template == "state":
        if not view.state:
            msg = "Choose the state of the briefing."
            raise InputError(msg)
        return replace(view, region="")
    if not view.region or regions.chosen(view) is None:
        msg = "Choose the referral region of the briefing."
        raise InputError(msg)
    return replace(view, state="")


def gather(
    settings: BriefingSettings,
    view: Selection,
    situation: Situation | None,
    link: str,
    control: Control | None = None,
) -> Briefing:
    """Find out all that a briefing says.

    Parameters
    ----------
    settings : BriefingSettings
        Template and findings.
    view : Selection
        Who is counted; state or region of the template.
    situation : Situation, optional
        Plan or scenario of the finding "plan".
    link : str
        Address that reopens the briefing.
    control : Control, optional
        Told of progress, asked whether to stop.

    Returns
    -------
    Briefing

    Raises
    ------
    InputError
        What the template needs is missing.
    CancelledError
    """
    shown = view_of(settings, view)
    step = _Steps(control or Control(LONG), len(settings.chosen) + 1)
    step("The main finding")
    region = settings.template == "region"
    first, key_figures, place = (_region if region else _headline)(shown)
    findings, cautions = [first], []
    for name in settings.chosen:
        step(FINDINGS[name])
        if name == "plan":
            if situation is None:
                continue
            found, proof = _plan(shown, situation, step.control)
            cautions += [*proof, *situation.notes]
        else:
            found = (_OF_REGION if region else _OF_VIEW)[name](shown)
        if found is not None:
            findings.append(found)
    stamp = replace(engine.provenance(shown), link=link, view=url_fields.query_string(
        shown.query() | settings.query()))  # fmt: skip
    return Briefing(
        place=place,
        parameters=text.parameters(shown),
        figures=key_figures,
        findings=tuple(findings),
        provenance=stamp,
        date=datetime.now(tz=UTC).date().isoformat(),
        cautions=tuple(cautions),
    )


class _Steps:
    """Tells how far the work is, and stops when asked to."""

    def __init__(self, control: Control, count: int) -> None:
        self.control, self.count, self.at = control, count, 0

    def __call__(self, stage: str) -> None:
        if self.control.cancelled():
            msg = "The briefing was cancelled."
            raise planner.CancelledError(msg)
        self.control.report(Progress(stage, self.at / (self.count + DRAWING)))
        self.at += 1


DRAWING: Final = 4
"""Steps of drawing and writing, beside those of finding out."""


def _headline(view: Selection) -> tuple[Finding, tuple[tuple[str, str], ...], str]:
    found = coverage.headline(view)
    median = coverage.median(view)
    numbers = (
        (f"Within {text.threshold(view)}", text.people(found.covered)),
        (f"Beyond it, {text.percent(found.share_beyond)}", text.people(found.beyond)),
        ("Half live within", text.impedance(median.value, view)),
        ("Centres counted", f"{coverage.counted_centres(view):,}"),
    )
    detail = text.headline_detail(
        share_beyond=found.share_beyond,
        share_low=found.share_beyond_low,
        share_high=found.share_beyond_high,
        beyond_low=found.beyond_low,
        beyond_high=found.beyond_high,
        selection=view,
    )
    spec, key = maps.overview_map(view), map_spec.legend(view, blood=False)
    place = text.place(view.state)
    finding = Finding(
        "headline",
        "The main finding",
        text.headline(found.beyond, view),
        text.unmarked(detail),
        f"Map of median travel to the nearest centre by county, {place}",
        coverage.places_frame(view),
        map=(spec, key),
    )
    return finding, numbers, place.removeprefix("the ")


def _region(view: Selection) -> tuple[Finding, tuple[tuple[str, str], ...], str]:
    found = regions.report(view)
    people = found.headline
    median = float(found.compared["median"].iloc[0])
    numbers = (
        ("People", text.people(people.population)),
        (f"Within {text.threshold(view)}", text.people(people.covered)),
        (f"Beyond it, {text.percent(people.share_beyond)}", text.people(people.beyond)),
        ("Half live within", text.impedance(median, view)),
    )
    shown = replace(view, level="county", layers=Selection().layers, state="")
    detail = f"{region_text.detail(people, view)} {region_text.rank(found.region, found.rank)}"
    finding = Finding(
        "headline",
        "The main finding",
        text.unmarked(region_text.headline(found.region, people, view)),
        text.unmarked(detail),
        f"Map of median travel to the nearest centre around {found.region.label}",
        regions.compared_frame(view),
        map=(regions.region_map(view), map_spec.legend(shown, blood=True)),
    )
    return finding, numbers, found.region.label


def _places(view: Selection) -> Finding:
    frame = coverage.worst_states(view, WORST)
    labels, shares = frame["label"].tolist(), frame["share_beyond"].tolist()
    return Finding(
        "places",
        FINDINGS["places"],
        text.unmarked(text.worst_places(labels, shares, view)),
        "Share of people beyond the threshold, and how many they are.",
        "Bars: share of people beyond the threshold in the places where it is largest",
        coverage.places_frame(view),
        figure=figures.bars(
            labels,
            shares,
            [
                f"{text.percent(share, 0)}, {text.people(beyond)}"
                for share, beyond in zip(shares, frame["beyond"], strict=True)
            ],
            title="Share of people beyond the threshold",
        ),
    )


def _curve(view: Selection) -> Finding:
    found, result = coverage.headline(view), coverage.curve(view)
    return Finding(
        "curve",
        FINDINGS["curve"],
        text.covered_sentence(found.share_covered, view),
        "The share rises with the threshold; the shade is the 90% band.",
        "Curve: share of people within each threshold, with its band",
        coverage.curve_frame(view),
        figure=figures.coverage_curve(
            coverage.curve_axis(result, view),
            (result.share_covered, result.share_low, result.share_high),
            at=(view.within, found.share_covered),
            unit=view.metric,
        ),
    )


def _hospitals(view: Selection) -> Finding:
    frame = coverage.hospital_shares(view)
    shares = frame["share"].tolist()
    return Finding(
        "hospitals",
        FINDINGS["hospitals"],
        text.unmarked(text.hospital_sentence(frame["certified"].tolist(), shares, view)),
        "There are several counts of US hospitals; the share is below one in twenty by each.",
        "Bars: share of US hospitals that count, by each count of hospitals",
        frame,
        figure=figures.bars(
            [f"of {count:,}" for count in frame["hospitals"]],
            shares,
            [text.percent(share) for share in shares],
            title="Share of US hospitals",
            mark=(text.FEW, "5%"),
        ),
    )


def _equity(view: Selection) -> Finding | None:
    view = replace(view, by="race" if view.by in ("state", "county", "cbsa", "hrr") else view.by)
    frame = coverage.breakdown(view)
    if frame.empty:
        return None
    return Finding(
        "equity",
        FINDINGS["equity"],
        text.unmarked(fairness_text.lead(equity.gaps(view), view)),
        "Share of each group beyond the threshold, with its 90% band, beside everybody.",
        "Bars: share of people beyond the threshold by group, with 90% bands",
        frame,
        figure=figures.gaps(
            coverage.for_chart(frame, view), average=coverage.headline(view).share_beyond
        ),
    )


def _blood(view: Selection) -> Finding | None:
    found = opportunity_answers.headline(view)
    if not round(found.beyond):
        return None
    view = replace(view, places="county" if view.state else "state")
    frame = opportunity_answers.places(view)
    return Finding(
        "blood",
        FINDINGS["blood"],
        text.unmarked(opportunity.sentence(found, view)),
        text.unmarked(opportunity.detail(found, view))
        + " Near is not ready: staff, accreditation and contracts are not counted.",
        "Bars: people beyond treatment by place, those near a blood centre apart",
        frame,
        figure=figures_places.near_and_far(frame.head(WORST)),
    )


def _patients(view: Selection) -> Finding:
    settings = PatientSettings()
    frame = patient_pages.by_year(view, settings)
    return Finding(
        "patients",
        FINDINGS["patients"],
        text.unmarked(patient_text.finding(frame, view, settings)),
        text.unmarked(patient_text.ASSUMPTION),
        "Areas: patients a year to 2035 by kind of therapy, with the range of the total",
        frame,
        figure=patient_figures.growth(frame, year=settings.year),
    )


def _journeys(view: Selection) -> Finding:
    settings = JourneySettings()
    found = journeys.report(view, settings)
    frame = journey_tables.components(found.totals, settings.bound)
    return Finding(
        "journeys",
        FINDINGS["journeys"],
        text.unmarked(journey_text.headline(found.totals, settings, view)),
        text.unmarked(journey_text.detail(found.totals, settings))
        + " Visits, days and prices are assumptions of the Journeys page.",
        "Bars: cost a patient by the way care is organised, in its parts",
        found.comparison.assign(rests_on=journeys.RESTS_ON),
        figure=journey_figures.components(frame),
    )


def _precedents(view: Selection) -> Finding:  # noqa: ARG001 - as every finding
    found = register.content()
    return Finding(
        "precedents",
        FINDINGS["precedents"],
        register_views.precedents_sentence(found),
        "; ".join(f"{one['title']}, {one['place']}" for one in found.precedents) + ".",
        "Map of real examples of care brought nearer home",
        register_views.precedents(found),
        map=register.precedent_map(),
    )


def _region_areas(view: Selection) -> Finding | None:
    found = regions.report(view)
    frame = found.areas.head(MOST_AREAS)
    if frame.empty:
        return None
    names = [f"{zcta} {city}" for zcta, city in zip(frame["zcta"], frame["city"], strict=True)]
    beyond = frame["beyond"].tolist()
    sentence = region_text.areas(len(found.areas), names, beyond, view)
    most = max(beyond)
    return Finding(
        "areas",
        FINDINGS["places"],
        text.headline_of(sentence),
        "People beyond the threshold in the ZIP areas where they are most, against the first.",
        "Bars: people beyond the threshold by ZIP area",
        regions.areas_frame(view),
        figure=figures.bars(
            names,
            [value / most for value in beyond],
            [text.people(value) for value in beyond],
            title="People beyond, of the largest",
        ),
    )


def _region_groups(view: Selection) -> Finding:
    found = regions.report(view)
    named = found.groups[found.groups["label"] != queries.UNKNOWN]
    shares = named["share_beyond"].tolist()
    sentence = region_text.groups(
        named["label"].tolist(), shares, named["nation_share_beyond"].tolist(), found.region, view
    )
    return Finding(
        "groups",
        FINDINGS["equity"],
        text.headline_of(sentence),
        text.unmarked(sentence),
        "Bars: share of people beyond the threshold by group in the region",
        regions.groups_frame(view),
        figure=figures.bars(
            named["label"].tolist(),
            shares,
            [text.percent(share) for share in shares],
            title="Share of people beyond the threshold",
        ),
    )


def _region_sites(view: Selection) -> Finding | None:
    found = regions.report(view)
    frame = regions.used_frame(view)
    if not len(found.used):
        return None
    inside = regions.treatment(view)
    return Finding(
        "sites",
        FINDINGS["sites"],
        text.headline_of(region_text.centres(len(inside), found.used, view)),
        text.unmarked(region_text.centres(len(inside), found.used, view)),
        "",
        frame,
    )


_OF_VIEW: Final[dict[str, Callable[[Selection], Finding | None]]] = {
    "places": _places,
    "curve": _curve,
    "hospitals": _hospitals,
    "equity": _equity,
    "blood": _blood,
    "patients": _patients,
    "journeys": _journeys,
    "precedents": _precedents,
}
_OF_REGION: Final[dict[str, Callable[[Selection], Finding | None]]] = {
    "places": _region_areas,
    "equity": _region_groups,
    "sites": _region_sites,
}


def _plan(
    view: Selection, situation: Situation, control: Control
) -> tuple[Finding | None, list[str]]:
    """Say what a plan or scenario changes against today."""
    today = comparison.situation_of("baseline", replace(view, state=situation.view.state), None)
    answer = None
    if situation.plan is not None and situation.plan.hand is None:
        answer = solved(situation.view, situation.plan, control)
        if answer.status == "infeasible":
            return None, [f"{situation.title}: no plan keeps to its rules."]
    a, b = comparison.asked(today, None), comparison.asked(situation, answer)
    way = comparison.way_of(ComparisonSettings(), today, situation)
    found, pair = comparison.headline(a, b, way), comparison.pair(a, b, way)
    frame = comparison.places(a, b, way, "county" if pair.a.view.state else "state")
    finding = Finding(
        "plan",
        FINDINGS["plan"],
        comparison_text.finding(found, pair),
        f"{comparison_text.detail(found, pair)} "
        f"{comparison_text.sites_sentence(comparison.sites(a, b, way))}",
        "Map of the change of travel by county, with the sites of both",
        frame,
        map=comparison.map_of(a, b, way, "travel"),
    )
    return finding, [b.proof] if b.proof else []


def solved(view: Selection, plan: PlanSettings, control: Control) -> Plan:
    """Solve a plan within the time of a briefing, telling how far it is."""
    job = planner.solving(view, plan)
    job.follow()
    try:
        while not job.wait(EVERY):
            if control.cancelled():
                msg = "The briefing was cancelled."
                raise planner.CancelledError(msg)
            control.report(Progress(f"The plan: {job.progress.stage}", job.progress.done))
    finally:
        job.leave()
    found: Plan | None = job.outcome()
    if found is None:
        raise InputError(job.problems or ("The plan was cancelled.",))
    return found


EVERY: Final = 0.2
"""Seconds between looks at a plan that is solved."""


def _draw(finding: Finding, caption: Caption, kind: Kind, size: Size) -> bytes:
    if finding.map is not None:
        return prints.of_map(*finding.map, caption, kind, size)
    assert finding.figure is not None
    return prints.of_chart(finding.figure, caption, kind, size)


def files(
    briefing: Briefing, kinds: tuple[str, ...], control: Control | None = None
) -> dict[str, bytes]:
    """Write a briefing in some formats.

    Parameters
    ----------
    briefing : Briefing
        From `gather`.
    kinds : tuple of {"pdf", "pptx", "zip"}
        Which.
    control : Control, optional
        Told of progress, asked whether to stop.

    Returns
    -------
    dict of str to bytes
        By kind.
    """
    from dashboard.briefing.pdf import pdf  # noqa: PLC0415 - heavy, and only for this
    from dashboard.briefing.slides import pptx  # noqa: PLC0415 - as above

    control = control or Control(LONG)
    drawn: dict[tuple[str, Kind, Size], bytes] = {}

    def draw(finding: Finding, caption: Caption, kind: Kind, size: Size) -> bytes:
        if control.cancelled():
            msg = "The briefing was cancelled."
            raise planner.CancelledError(msg)
        key = (finding.key, kind, size)
        if key not in drawn:
            drawn[key] = _draw(finding, caption, kind, size)
        return drawn[key]

    pictures = Pictures(briefing, draw)
    written: dict[str, bytes] = {}

    def once(kind: str, make: Callable[[Briefing, Pictures], bytes]) -> bytes:
        if kind not in written:
            control.report(Progress(f"Writing the {NAMES[kind]}", 0.7 + 0.1 * len(written)))
            written[kind] = make(briefing, pictures)
        return written[kind]

    makers = {"pdf": partial(once, "pdf", pdf), "pptx": partial(once, "pptx", pptx)}
    for kind in kinds:
        if kind in makers:
            makers[kind]()
    if "zip" in kinds:
        control.report(Progress(f"Writing the {NAMES['zip']}", 0.9))
        documents = {f"briefing.{kind}": make for kind, make in makers.items()}
        written["zip"] = bundle(briefing, pictures, documents)
    return {kind: written[kind] for kind in kinds}


@cached(1)
def _jobs() -> Jobs:
    return Jobs()


def making(
    settings: BriefingSettings, view: Selection, situation: Situation | None, link: str
) -> Job:
    """Job that makes a briefing; its result is the briefing and its files by kind."""

    def work(control: Control) -> tuple[Briefing, dict[str, bytes]]:
        made = gather(settings, view, situation, link, control)
        return made, files(made, tuple(NAMES), control)

    return _jobs().ask(question_of(settings, view, situation, link), work, LONG)


def question_of(
    settings: BriefingSettings, view: Selection, situation: Situation | None, link: str
) -> tuple[object, ...]:
    """Name a briefing: whatever has the same name says the same."""
    return (settings, view, situation, link, engine.tables(), datetime.now(tz=UTC).date())


NAMES: Final = {"pdf": "PDF", "pptx": "slides", "zip": "bundle"}
MIME: Final = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
}


def stem(briefing: Briefing) -> str:
    """Name of the files of a briefing, without the ending."""
    return exports.file_name(f"briefing {briefing.place} {briefing.date}", suffix="").rstrip(".")
