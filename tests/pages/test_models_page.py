"""The topic of road travel against a straight line, through the whole app."""

from opening import Open
from streamlit.testing.v1 import AppTest

from dashboard import text


def finding(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("### A straight line"))


def test_the_topic_compares_models_whatever_the_switch_says(open_page: Open) -> None:
    by_line = open_page("gaps.py", topic="models", model="straight")
    by_road = open_page("gaps.py", topic="models", model="road")
    assert finding(by_line) == finding(by_road)
    assert "hides" in finding(by_road)
    assert "million people in the United States" in finding(by_road)


def test_parts_tables_and_models_agree(open_page: Open) -> None:
    app = open_page("gaps.py", topic="models")
    places, answers = app.dataframe[0].value, app.dataframe[1].value.set_index("model")
    states = ["within", "hidden", "added", "beyond", "no_data"]
    assert (places["population"] == places[states].sum(axis=1)).all()
    assert text.people(places["hidden"].sum()) in finding(app)
    beyond = {model: answers.loc[model, "beyond"] for model in ("road", "straight")}
    hidden_less_added = places["hidden"].sum() - places["added"].sum()
    assert beyond["road"] - beyond["straight"] == hidden_less_added
    said = {metric.label: metric.value for metric in app.metric}
    assert said["Added by the line"] == text.people(places["added"].sum())
    assert 1.1 < float(said["Road miles per straight mile"]) < 1.5


def test_the_threshold_changes_the_number(open_page: Open) -> None:
    app = open_page("gaps.py", topic="models")
    before = finding(app)
    app.slider(key="within").set_value(90.0).run()
    assert finding(app) != before
    assert "within 90 minutes" in finding(app)


def test_miles_never_add_anybody(open_page: Open) -> None:
    app = open_page("gaps.py", topic="models", metric="miles", within="50", units="km")
    assert app.dataframe[0].value["added"].sum() == 0
    assert any("nobody is added" in m.value for m in app.markdown)


def test_places_where_both_agree_say_so(open_page: Open) -> None:
    app = open_page("gaps.py", topic="models", within="1", state="MT")
    assert any("hides no people in Montana" in m.value for m in app.markdown)
    assert any("Choose another threshold" in m.value for m in app.markdown)


def test_every_table_has_a_download(open_page: Open) -> None:
    app = open_page("gaps.py", topic="models", places="hrr")
    labels = {button.label for button in app.get("download_button")}
    assert {"Places as CSV", "Travel models as CSV"} <= labels
