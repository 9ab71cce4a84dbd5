"""All benchmarks, one after the other: ``python -m bench``."""

from bench import accessibility, browser, capacity, siting, surface, travel

if __name__ == "__main__":
    travel.main()
    surface.main()
    accessibility.main()
    siting.main()
    capacity.main()
    browser.main()
