"""All benchmarks, one after the other: ``python -m bench``."""

from bench import browser, travel

if __name__ == "__main__":
    travel.main()
    browser.main()
