// Runs in the page. Says when what the reader asked for is on the screen.
(() => {
  const main = () => document.querySelector('[data-testid="stMain"]');
  const app = () => document.querySelector('[data-testid="stApp"]');

  const state = () => {
    const page = main();
    if (!page || !app()) return null;
    const maps = [...page.querySelectorAll('iframe[src*="streamlit_folium"]')].map((frame) => {
      try {
        return frame.contentWindow.__atlas || null;
      } catch {
        return null;
      }
    });
    return {
      idle: app().dataset.testScriptState === "notRunning",
      heading: page.querySelector("h1, h2, h3")?.innerText ?? "",
      path: location.pathname,
      maps: maps.length,
      painted: maps.map((map) => (map ? map.painted : "")).join(),
      settled:
        maps.every((map) => map && map.areas > 0 && map.painted && map.painted === map.requested) &&
        !page.querySelector('[data-testid="stSkeleton"]') &&
        [...page.querySelectorAll("img")].every((image) => image.complete) &&
        [...page.querySelectorAll('[data-testid="stPlotlyChart"]')].every((chart) =>
          chart.querySelector(".main-svg"),
        ),
    };
  };

  // Ask for a frame and look; the answer is the first of three good frames in a row.
  const PATIENCE_MS = 20000;
  const until = (good) =>
    new Promise((resolve, reject) => {
      const limit = performance.now() + PATIENCE_MS;
      let since = null;
      let streak = 0;
      const look = () => {
        const now = state();
        if (now && good(now)) {
          streak += 1;
          since = since ?? { at: performance.now(), epoch: Date.now() / 1000 };
          if (streak === 3) {
            resolve({ ...since, ...now });
            return;
          }
        } else {
          streak = 0;
          since = null;
        }
        if (performance.now() > limit) {
          reject(new Error(`nothing came; the page says ${JSON.stringify(now)}`));
          return;
        }
        requestAnimationFrame(look);
      };
      look();
    });

  window.__bench = {
    // The first page, opened by its address.
    opened: () => until((now) => now.idle && now.heading && now.settled),

    // Begins with the reader's next press of a button or key. `wants` says what has to change.
    act(wants) {
      const before = state();
      let began = null;
      let ran = false;
      const begin = () => {
        began = began ?? performance.now();
      };
      for (const type of ["pointerdown", "keydown"]) {
        window.addEventListener(type, begin, { capture: true, once: true });
      }
      // A quick run may begin and end between two frames: what it drew tells as well.
      const seen = new MutationObserver(() => {
        ran = ran || began !== null;
      });
      seen.observe(app(), { attributes: true, attributeFilter: ["data-test-script-state"] });
      seen.observe(main(), { childList: true, characterData: true, subtree: true });
      this.done = until(
        (now) =>
          (ran || now.path !== before.path) &&
          now.idle &&
          now.settled &&
          (!wants.heading || now.heading !== before.heading) &&
          (!wants.path || now.path === wants.path) &&
          (!wants.map || now.painted !== before.painted),
      ).then((now) => {
        seen.disconnect();
        return { ...now, seconds: (now.at - began) / 1000 };
      });
    },
  };
})();
