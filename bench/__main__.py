"""All benchmarks, one after the other: ``python -m bench``."""

from bench import browser, surface, travel

if __name__ == "__main__":
    travel.main()
    surface.main()
    browser.main()
