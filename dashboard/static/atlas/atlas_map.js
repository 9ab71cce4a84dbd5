/*
 * The map of the Atlas, drawn inside the frame of streamlit-folium.
 *
 * AtlasMap.mount(map, options) runs once per frame; AtlasMap.update(view) runs at each rerun with
 * everything that can change. Outlines are fetched once, kept on the window, and painted on one
 * canvas: a new colour string costs a repaint, not a new map.
 */
(function () {
  "use strict";
  if (window.AtlasMap) return;

  // ---- decoding -----------------------------------------------------------------------------

  const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.";
  const DIGIT_OF = new Uint8Array(128);
  for (let i = 0; i < DIGITS.length; i += 1) DIGIT_OF[DIGITS.charCodeAt(i)] = i;

  function decodeIntegers(text) {
    const values = [];
    let value = 0;
    let shift = 0;
    for (let i = 0; i < text.length; i += 1) {
      const digit = DIGIT_OF[text.charCodeAt(i)];
      value |= (digit & 31) << shift;
      shift += 5;
      if (digit < 32) {
        values.push(value & 1 ? -((value + 1) >>> 1) : value >>> 1);
        value = 0;
        shift = 0;
      }
    }
    return values;
  }

  // ---- projection: degrees to the 256-pixel world of zoom 0 -----------------------------------

  const WORLD = 256;
  const worldX = (lon) => ((lon + 180) / 360) * WORLD;
  const worldY = (lat) => {
    const sine = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
    return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
  };
  // The far Aleutians lie beyond the antimeridian; keep them beside the rest of Alaska.
  const unwrap = (lon) => (lon > 0 ? lon - 360 : lon);

  // ---- outlines -------------------------------------------------------------------------------

  class Outlines {
    constructor(file) {
      const unit = 10 ** -file.decimals;
      const sizes = decodeIntegers(file.arcSizes);
      const deltas = decodeIntegers(file.points);
      this.points = new Float64Array(deltas.length);
      let lon = 0;
      let lat = 0;
      for (let i = 0; i < deltas.length; i += 2) {
        lon += deltas[i];
        lat += deltas[i + 1];
        this.points[i] = worldX(lon * unit);
        this.points[i + 1] = worldY(lat * unit);
      }
      this.arcStart = new Int32Array(sizes.length + 1);
      sizes.forEach((size, i) => { this.arcStart[i + 1] = this.arcStart[i] + size; });

      this.countyIds = file.counties.split(",");
      this.countyNames = file.countyNames;
      this.stateOfCounty = decodeIntegers(file.countyStates);
      this.stateIds = file.states.split(",");
      this.stateNames = file.stateNames;
      this.countiesOfState = this.stateIds.map(() => []);
      this.stateOfCounty.forEach((state, county) => this.countiesOfState[state].push(county));

      const rings = decodeIntegers(file.rings);
      const sides = new Int32Array(2 * sizes.length).fill(-1);
      let at = 0;
      let previous = 0;
      this.rings = this.countyIds.map((_, county) => {
        const list = [];
        for (let ring = rings[at++]; ring > 0; ring -= 1) {
          const refs = [];
          for (let left = rings[at++]; left > 0; left -= 1) {
            const code = rings[at++];
            previous += code >> 1;
            refs.push(code & 1 ? ~previous : previous);
            sides[2 * previous + (sides[2 * previous] < 0 ? 0 : 1)] = county;
          }
          list.push(refs);
        }
        return list;
      });
      this.sides = sides;
      this.nArcs = sizes.length;

      this.boxes = new Float64Array(4 * this.countyIds.length);
      this.paths = this.rings.map((list, county) => this.areaPath(list, county));
      this.land = new Path2D();
      this.paths.forEach((path) => this.land.addPath(path));
      const state = (county) => (county < 0 ? -1 : this.stateOfCounty[county]);
      this.countyLines = this.linePath((a, b) => b >= 0 && state(a) === state(b));
      this.stateLines = this.linePath((a, b) => b >= 0 && state(a) !== state(b));
      this.coastLines = this.linePath((a, b) => b < 0);
    }

    walk(refs, visit) {
      let first = true;
      for (const ref of refs) {
        const arc = ref < 0 ? ~ref : ref;
        const start = this.arcStart[arc];
        const end = this.arcStart[arc + 1];
        // The first vertex of an arc is the last one of the arc before it.
        if (ref >= 0) {
          for (let i = first ? start : start + 1; i < end; i += 1) {
            visit(this.points[2 * i], this.points[2 * i + 1]);
          }
        } else {
          for (let i = first ? end - 1 : end - 2; i >= start; i -= 1) {
            visit(this.points[2 * i], this.points[2 * i + 1]);
          }
        }
        first = false;
      }
    }

    areaPath(list, county) {
      const path = new Path2D();
      let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
      for (const refs of list) {
        let begun = false;
        this.walk(refs, (x, y) => {
          if (begun) path.lineTo(x, y);
          else path.moveTo(x, y);
          begun = true;
          west = Math.min(west, x);
          east = Math.max(east, x);
          north = Math.min(north, y);
          south = Math.max(south, y);
        });
        path.closePath();
      }
      this.boxes.set([west, north, east, south], 4 * county);
      return path;
    }

    linePath(wanted) {
      const path = new Path2D();
      for (let arc = 0; arc < this.nArcs; arc += 1) {
        if (!wanted(this.sides[2 * arc], this.sides[2 * arc + 1])) continue;
        let begun = false;
        this.walk([arc], (x, y) => {
          if (begun) path.lineTo(x, y);
          else path.moveTo(x, y);
          begun = true;
        });
      }
      return path;
    }

    // Border of a set of counties, without the borders inside it.
    rim(counties) {
      const inside = new Uint8Array(this.countyIds.length);
      counties.forEach((county) => { inside[county] = 1; });
      return this.linePath((a, b) => inside[a] !== (b < 0 ? 0 : inside[b]));
    }

    countyAt(x, y) {
      for (let county = 0; county < this.countyIds.length; county += 1) {
        const b = 4 * county;
        if (x < this.boxes[b] || y < this.boxes[b + 1]) continue;
        if (x > this.boxes[b + 2] || y > this.boxes[b + 3]) continue;
        if (this.contains(county, x, y)) return county;
      }
      return -1;
    }

    contains(county, x, y) {
      let inside = false;
      for (const refs of this.rings[county]) {
        let px = NaN;
        let py = NaN;
        this.walk(refs, (qx, qy) => {
          if (qy > y !== py > y && x < ((px - qx) * (y - qy)) / (py - qy) + qx && px === px) {
            inside = !inside;
          }
          px = qx;
          py = qy;
        });
      }
      return inside;
    }
  }

  function silhouettePath(text) {
    const numbers = decodeIntegers(text);
    const path = new Path2D();
    let at = 1 + (numbers[0] || 0);
    let lon = 0;
    let lat = 0;
    for (let ring = 0; ring < numbers[0]; ring += 1) {
      for (let i = 0; i < numbers[1 + ring]; i += 1) {
        lon += numbers[at++];
        lat += numbers[at++];
        const point = [worldX(lon / 100), worldY(lat / 100)];
        if (i) path.lineTo(...point);
        else path.moveTo(...point);
      }
      path.closePath();
    }
    return path;
  }

  // ---- sites ----------------------------------------------------------------------------------

  const SHAPES = {
    circle(context, x, y, r) { context.arc(x, y, r, 0, 2 * Math.PI); },
    diamond(context, x, y, r) {
      const d = r * 1.2;
      context.moveTo(x, y - d);
      context.lineTo(x + d, y);
      context.lineTo(x, y + d);
      context.lineTo(x - d, y);
      context.closePath();
    },
    square(context, x, y, r) { context.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76); },
    triangle(context, x, y, r) {
      context.moveTo(x, y - r * 1.2);
      context.lineTo(x + r * 1.12, y + r * 0.8);
      context.lineTo(x - r * 1.12, y + r * 0.8);
      context.closePath();
    },
  };

  function decodeSites(layer) {
    const deltas = decodeIntegers(layer.points);
    const ids = layer.ids ? layer.ids.split("\n") : [];
    const labels = layer.names ? decodeIntegers(layer.names) : layer.labels.split("\n");
    let lat = 0;
    let lon = 0;
    return ids.map((id, i) => {
      lat += deltas[2 * i];
      lon += deltas[2 * i + 1];
      const style = layer.styles[DIGITS.indexOf(layer.codes[i])];
      const [y, x] = [lat / 1e4, unwrap(lon / 1e4)];
      const mark = layer.marks ? layer.marks[i] : "";
      return { id, label: labels[i], style, mark, lat: y, lon: x, x: worldX(x), y: worldY(y) };
    });
  }

  // ---- polygons -------------------------------------------------------------------------------

  // One path for each shape of a layer, to be filled by the even-odd rule.
  function decodePolygons(layer) {
    const header = decodeIntegers(layer.rings);
    const deltas = decodeIntegers(layer.points);
    let at = 0;
    let next = 0;
    let lon = 0;
    let lat = 0;
    const shapes = Array.from(layer.codes, (code, number) => {
      const path = new Path2D();
      for (let ring = header[at++]; ring > 0; ring -= 1) {
        const size = header[at++];
        for (let i = 0; i < size; i += 1) {
          lon += deltas[next++];
          lat += deltas[next++];
          const point = [worldX(unwrap(lon / 1e3)), worldY(lat / 1e3)];
          if (i) path.lineTo(...point);
          else path.moveTo(...point);
        }
        path.closePath();
      }
      return { code, path, id: layer.ids[number] || "", label: layer.labels[number] || "" };
    });
    return { ...layer, shapes };
  }

  // ---- the canvas -----------------------------------------------------------------------------

  function hatch(style) {
    // Drawn at twice its size so that the lines stay thin on dense screens.
    const tile = document.createElement("canvas");
    tile.width = 12;
    tile.height = 12;
    const context = tile.getContext("2d");
    context.fillStyle = style.fill;
    context.fillRect(0, 0, 12, 12);
    context.strokeStyle = style.ink;
    context.lineWidth = 2.4;
    context.beginPath();
    for (const shift of [-12, 0, 12]) {
      context.moveTo(shift - 2, 14);
      context.lineTo(shift + 14, -2);
    }
    context.stroke();
    return context.createPattern(tile, "repeat");
  }

  const AtlasCanvas = L.Renderer.extend({
    options: { padding: 0.2 },

    initialize(painter) {
      L.Renderer.prototype.initialize.call(this, {});
      this.painter = painter;
    },

    _initContainer() {
      this._container = document.createElement("canvas");
      this._context = this._container.getContext("2d");
      this._areas = document.createElement("canvas");
      this._areasContext = this._areas.getContext("2d", { alpha: true });
    },

    _destroyContainer() {
      cancelAnimationFrame(this._frame);
      L.DomUtil.remove(this._container);
    },

    _updatePaths() {},

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const ratio = Math.min(3, window.devicePixelRatio || 1);
      const width = Math.round(size.x * ratio);
      const height = Math.round(size.y * ratio);
      for (const canvas of [this._container, this._areas]) {
        if (canvas.width !== width || canvas.height !== height) {
          canvas.width = width;
          canvas.height = height;
        }
      }
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      const scale = 2 ** this._zoom;
      const origin = this._map.getPixelOrigin().add(this._bounds.min);
      this.frame = { ratio, scale, zoom: this._zoom, x: origin.x, y: origin.y, width, height };
      this.stale = true;
      this.draw();
    },

    // Ask for one painting in the next frame; `areas` when more than the sites has changed.
    request(areas) {
      this.stale = this.stale || areas;
      if (this._frame) return;
      this._frame = requestAnimationFrame(() => {
        this._frame = 0;
        if (this._map && !this._map._animatingZoom) this.draw();
      });
    },

    draw() {
      const { width, height } = this.frame || {};
      if (!width || !height) return; // hidden; the resize that ends it calls again
      if (this.stale) {
        this._areasContext.setTransform(1, 0, 0, 1, 0, 0);
        this._areasContext.clearRect(0, 0, width, height);
        this.painter.paintAreas(this._areasContext, this.frame);
        this.stale = false;
      }
      this._context.setTransform(1, 0, 0, 1, 0, 0);
      this._context.clearRect(0, 0, width, height);
      this._context.drawImage(this._areas, 0, 0);
      this.painter.paintOver(this._context, this.frame);
      this.painter.painted();
    },
  });

  // ---- one map --------------------------------------------------------------------------------

  const RETRY_SECONDS = [0.6, 2, 5];
  const COUNTY_LINES_FROM_ZOOM = 5.5;
  const UNSHADED = " ";

  class AtlasView {
    constructor(map, options) {
      this.map = map;
      this.options = options;
      this.theme = options.theme;
      this.spec = null;
      this.sites = [];
      this.polygons = [];
      this.probe = document.createElement("canvas").getContext("2d");
      this.hover = null;
      this.groups = [];
      this.silhouette = silhouettePath(options.silhouette);
      this.coarsePointer = window.matchMedia("(pointer: coarse)").matches;
      this.calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.status = {
        requested: "", painted: "", areas: 0, polygons: 0, sites: 0, paints: 0, paintMs: 0, error: "",
        view: "", hover: "",
      };
      window.__atlas = this.status;

      this.dress();
      this.canvas = new AtlasCanvas(this).addTo(map);
      this.listen();
      this.load();
    }

    // Everything of the page around the canvas: names for screen readers, style, notices.
    dress() {
      const { map, options } = this;
      const style = document.createElement("style");
      style.textContent = STYLE.replaceAll("$SEA", this.theme.sea)
        .replaceAll("$INK", this.theme.ink)
        .replaceAll("$ACCENT", this.theme.accent);
      document.head.appendChild(style);
      document.documentElement.lang = "en";
      if (window.frameElement) window.frameElement.setAttribute("data-atlas-map", options.key);
      const box = map.getContainer();
      box.setAttribute("role", "application");
      map.attributionControl.setPrefix(false);

      const make = (className, role) => {
        const element = L.DomUtil.create("div", className, box);
        if (role) element.setAttribute("role", role);
        return element;
      };
      this.tip = make("atlas-tip");
      this.tip.setAttribute("aria-hidden", "true");
      this.notice = make("atlas-notice", "status");
      this.cross = make("atlas-cross");
      this.spoken = make("atlas-spoken");
      this.spoken.setAttribute("aria-live", "polite");

      const jumps = L.control({ position: "bottomleft" });
      jumps.onAdd = () => {
        const bar = L.DomUtil.create("div", "atlas-jumps");
        bar.setAttribute("role", "group");
        bar.setAttribute("aria-label", "Go to");
        options.jumps.forEach(([name, bounds]) => {
          const button = L.DomUtil.create("button", "", bar);
          button.type = "button";
          button.textContent = name;
          button.addEventListener("click", () => this.show(bounds, true));
        });
        L.DomEvent.disableClickPropagation(bar);
        L.DomEvent.disableScrollPropagation(bar);
        return bar;
      };
      jumps.addTo(map);
      L.control.scale({ position: "bottomright", maxWidth: 90 }).addTo(map);
    }

    listen() {
      const { map } = this;
      const box = map.getContainer();
      // The wheel scrolls the page until the map has been chosen by a click or by the keyboard.
      map.scrollWheelZoom.disable();
      map.on("mousedown focus", () => map.scrollWheelZoom.enable());
      box.addEventListener("mouseleave", () => map.scrollWheelZoom.disable());
      if (this.coarsePointer) {
        map.dragging.disable(); // one finger scrolls the page, two move the map
        box.addEventListener("touchmove", (event) => {
          if (event.touches.length === 1) this.say("Use two fingers to move the map", 1200);
        }, { passive: true });
      }
      map.on("mousemove", (event) => {
        if (this.pointed) return;
        this.pointed = requestAnimationFrame(() => {
          this.pointed = 0;
          if (!map._animatingZoom) this.point(event.containerPoint);
        });
      });
      map.on("mouseout zoomstart dragstart", () => this.point(null));
      map.on("click", (event) => this.choose(event.containerPoint));
      box.addEventListener("keydown", (event) => {
        box.classList.toggle("atlas-keys", event.target === box);
        if (event.target === box && (event.key === "Enter" || event.key === " ")) {
          event.preventDefault();
          this.choose(map.getSize().divideBy(2));
        }
      });
      map.on("mousedown blur", () => box.classList.remove("atlas-keys"));
      map.on("moveend", () => {
        this.remember();
        if (box.classList.contains("atlas-keys")) {
          this.point(map.getSize().divideBy(2));
          this.spoken.textContent = this.hover ? this.textOf(this.hover) : "";
        }
      });
      map.on("resize", () => { if (this.shown && !this.moved()) this.show(this.shown, false); });
    }

    // ---- geometry ---------------------------------------------------------------------------

    async load(attempt = 0) {
      if (window.__atlasOutlines) {
        this.ready(window.__atlasOutlines);
        return;
      }
      if (attempt === 0) this.say("Loading outlines…");
      try {
        // The name carries a hash of the content, so any copy the browser has is right.
        const response = await fetch(this.options.areas, { cache: attempt ? "reload" : "force-cache" });
        if (!response.ok) throw new Error(`the server answered ${response.status}`);
        window.__atlasOutlines = new Outlines(await response.json());
      } catch (error) {
        this.status.error = String(error.message || error);
        if (attempt < RETRY_SECONDS.length) {
          this.say("Outlines are slow to arrive, trying again…");
          setTimeout(() => this.load(attempt + 1), 1000 * RETRY_SECONDS[attempt]);
        } else {
          this.say("The map outlines could not be loaded. Sites and tables are still right.", 0, () => this.load());
        }
        return;
      }
      this.status.error = "";
      this.ready(window.__atlasOutlines);
    }

    // Names of the sites of the Atlas come once, in a file; a rerun sends their numbers only.
    async loadLabels() {
      if (window.__atlasLabels || this.labelsAsked) return;
      this.labelsAsked = true;
      try {
        const response = await fetch(this.options.labels, { cache: "force-cache" });
        if (response.ok) window.__atlasLabels = (await response.text()).split("\n");
      } finally {
        this.labelsAsked = false; // pointing at a site asks again
      }
    }

    labelOf(site) {
      if (typeof site.label === "string") return site.label;
      if (!window.__atlasLabels) this.loadLabels();
      return (window.__atlasLabels || [])[site.label] || "";
    }

    ready(outlines) {
      this.loadLabels();
      this.outlines = outlines;
      this.status.areas = outlines.countyIds.length;
      this.indexOf = { county: new Map(), state: new Map() };
      outlines.countyIds.forEach((id, i) => this.indexOf.county.set(id, i));
      outlines.stateIds.forEach((id, i) => this.indexOf.state.set(id, i));
      this.say("");
      this.shade();
      this.canvas.request(true);
    }

    // ---- a rerun ----------------------------------------------------------------------------

    update(spec) {
      const before = this.spec || {};
      this.spec = spec;
      this.status.requested = spec.revision;
      document.body.dataset.atlasRequested = spec.revision;
      const box = this.map.getContainer();
      if (before.height !== spec.height) {
        box.style.height = `${spec.height}px`;
        this.map.invalidateSize({ animate: false });
      }
      if (JSON.stringify(before.sites) !== JSON.stringify(spec.sites)) {
        this.sites = spec.sites.flatMap(decodeSites);
        this.status.sites = this.sites.length;
      }
      if (JSON.stringify(before.polygons) !== JSON.stringify(spec.polygons)) {
        this.polygons = spec.polygons.map(decodePolygons);
        this.status.polygons = this.polygons.reduce((sum, layer) => sum + layer.shapes.length, 0);
      }
      if (before.title !== spec.title) this.name(spec.title);
      this.tiles(spec.tiles);
      this.point(null);
      this.shade();
      if (before.view !== spec.view) {
        const first = !before.view;
        if (!(first && this.recall(spec.view))) this.show(spec.bounds, !first);
        this.status.view = spec.view;
      }
      this.canvas.request(true);
    }

    name(title) {
      document.title = title;
      if (window.frameElement) window.frameElement.setAttribute("title", title);
      this.map.getContainer().setAttribute("aria-label", `${title}. Arrow keys move, plus and minus `
        + "zoom, Enter chooses what is at the cross.");
    }

    // Group the areas by colour: one fill for each colour instead of one for each area.
    shade() {
      const { outlines, spec } = this;
      if (!outlines || !spec) return;
      const { areas } = spec;
      const groups = new Map();
      this.values = areas ? decodeIntegers(areas.values) : [];
      outlines.paths.forEach((path, county) => {
        const code = areas
          ? areas.codes[areas.level === "state" ? outlines.stateOfCounty[county] : county]
          : UNSHADED;
        if (!groups.has(code)) groups.set(code, new Path2D());
        groups.get(code).addPath(path);
      });
      this.groups = [...groups];
      this.patterns = this.patterns || {
        [this.theme.noData.code]: hatch(this.theme.noData),
        [this.theme.unreachable.code]: hatch(this.theme.unreachable),
      };
      const focus = this.indexOf.state.get(spec.focus);
      this.veil = null;
      if (focus !== undefined) {
        this.veil = new Path2D();
        outlines.paths.forEach((path, county) => {
          if (outlines.stateOfCounty[county] !== focus) this.veil.addPath(path);
        });
      }
      const find = (ids) => ids.map((id) => this.indexOf.county.get(id)).filter((i) => i >= 0);
      this.catchment = spec.catchment.length ? outlines.rim(find(spec.catchment)) : null;
      this.selectedPath = null;
      const [kind, id] = spec.selected || [];
      if (kind === "county" && this.indexOf.county.has(id)) {
        this.selectedPath = outlines.rim(find([id]));
      } else if (kind === "state" && this.indexOf.state.has(id)) {
        this.selectedPath = outlines.rim(outlines.countiesOfState[this.indexOf.state.get(id)]);
      }
    }

    // ---- painting ---------------------------------------------------------------------------

    toWorld(context, frame) {
      const k = frame.scale * frame.ratio;
      context.setTransform(k, 0, 0, k, -frame.x * frame.ratio, -frame.y * frame.ratio);
      context.lineJoin = "round";
      context.lineCap = "round";
      return (path, colour, pixels) => {
        context.strokeStyle = colour;
        context.lineWidth = pixels / frame.scale;
        context.stroke(path);
      };
    }

    paintAreas(context, frame) {
      const began = performance.now();
      const { theme, outlines, spec } = this;
      const stroke = this.toWorld(context, frame);
      if (!outlines || !spec) {
        context.fillStyle = theme.land;
        context.fill(this.silhouette);
        return;
      }
      const shaded = Boolean(spec.areas);
      const tiled = Boolean(this.tileLayer) && !this.tileLayer.failed;
      context.globalAlpha = tiled ? 0.62 : 1;
      if (!tiled) {
        // Hair gaps between fills of different colours show this instead of the sea.
        context.fillStyle = shaded ? theme.seam : theme.land;
        context.fill(outlines.land, "evenodd");
      }
      for (const [code, path] of this.groups) {
        if (this.patterns[code]) {
          context.fillStyle = this.pattern(code, frame);
        } else if (code === UNSHADED) {
          if (tiled) continue;
          context.fillStyle = theme.land;
        } else {
          context.fillStyle = spec.areas.colours[DIGITS.indexOf(code)];
        }
        context.fill(path, "evenodd");
      }
      this.paintPolygons(context, frame, stroke);
      if (frame.zoom >= COUNTY_LINES_FROM_ZOOM) {
        context.globalAlpha = Math.min(1, (frame.zoom - COUNTY_LINES_FROM_ZOOM) / 1.5 + 0.35);
        if (!spec.areas || spec.areas.level === "county") {
          stroke(outlines.countyLines, "rgba(255,255,255,0.75)", 1.1);
          stroke(outlines.countyLines, "rgba(60,72,88,0.35)", 0.5);
        }
      }
      context.globalAlpha = 1;
      if (this.veil) {
        context.fillStyle = theme.veil;
        context.fill(this.veil, "evenodd");
      }
      const weight = Math.min(1.6, 0.75 + frame.zoom / 12);
      stroke(outlines.stateLines, "rgba(255,255,255,0.7)", weight + 1.1);
      stroke(outlines.stateLines, "rgba(40,52,68,0.72)", weight * 0.72);
      stroke(outlines.coastLines, "rgba(40,52,68,0.5)", 0.6);
      this.status.paintMs = Math.round(10 * (performance.now() - began)) / 10;
    }

    pattern(code, frame) {
      const pattern = this.patterns[code];
      pattern.setTransform(new DOMMatrix().scale(0.5 / frame.scale));
      return pattern;
    }

    paintPolygons(context, frame, stroke) {
      const opacity = context.globalAlpha;
      for (const layer of this.polygons) {
        context.save();
        if (layer.onLand) context.clip(this.outlines.land, "evenodd");
        for (const { code, path } of layer.shapes) {
          context.fillStyle = this.patterns[code]
            ? this.pattern(code, frame)
            : layer.colours[DIGITS.indexOf(code)];
          context.fill(path, "evenodd");
        }
        context.globalAlpha = 1;
        if (layer.line) for (const { path } of layer.shapes) stroke(path, layer.line, layer.lineWidth);
        context.restore();
        context.globalAlpha = opacity;
      }
    }

    // The topmost shape at a place, among those that can be clicked or those that only have a label.
    shapeAt(x, y, clickable) {
      for (let i = this.polygons.length - 1; i >= 0; i -= 1) {
        const layer = this.polygons[i];
        if (layer.ids.length > 0 !== clickable) continue;
        for (let j = layer.shapes.length - 1; j >= 0; j -= 1) {
          if (this.probe.isPointInPath(layer.shapes[j].path, x, y, "evenodd")) {
            return { kind: layer.kind, ...layer.shapes[j] };
          }
        }
      }
      return null;
    }

    paintOver(context, frame) {
      const { theme, spec } = this;
      if (!spec) return;
      const stroke = this.toWorld(context, frame);
      for (const layer of this.polygons) {
        const chosen = layer.selected && layer.shapes.find((shape) => shape.id === layer.selected);
        if (chosen) {
          stroke(chosen.path, "#ffffff", 5);
          stroke(chosen.path, theme.ink, 2.4);
        }
      }
      if (this.catchment) {
        stroke(this.catchment, "#ffffff", 4.2);
        stroke(this.catchment, theme.accent, 2);
      }
      if (this.hover && this.hover.path) {
        stroke(this.hover.path, "#ffffff", 3.4);
        stroke(this.hover.path, theme.ink, 1.6);
      }
      if (this.selectedPath) {
        stroke(this.selectedPath, "#ffffff", 5);
        stroke(this.selectedPath, theme.ink, 2.4);
      }

      context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
      const at = (x, y) => [x * frame.scale - frame.x, y * frame.scale - frame.y];
      this.paintRoutes(context, at);
      const grow = this.growth(frame.zoom);
      const chosen = spec.selected && spec.selected[0] === "site" ? spec.selected[1] : null;
      const late = [];
      for (const site of this.sites) {
        if (site.id === chosen || (this.hover && this.hover.site === site)) late.push(site);
        else this.paintSite(context, ...at(site.x, site.y), site.style, grow, site.mark);
      }
      for (const site of late) {
        const [x, y] = at(site.x, site.y);
        if (site.id === chosen) {
          const r = site.style.radius * grow + 6;
          for (const [colour, width] of [["#ffffff", 5], [theme.ink, 2.4]]) {
            context.beginPath();
            context.arc(x, y, r, 0, 2 * Math.PI);
            context.strokeStyle = colour;
            context.lineWidth = width;
            context.stroke();
          }
        }
        this.paintSite(context, x, y, site.style, grow * 1.3, site.mark);
      }
      this.paintLabels(context, at);
      this.paintOrigin(context, at);
    }

    growth(zoom) { return Math.max(0.5, Math.min(1.7, 1 + (zoom - 4.6) * (zoom < 4.6 ? 0.24 : 0.16))); }

    paintSite(context, x, y, style, growth, mark) {
      // What is written on a symbol must stay legible on the map of the whole country.
      const grow = mark ? Math.max(1, growth) : growth;
      context.beginPath();
      SHAPES[style.shape](context, x, y, style.radius * grow);
      // The white edge lies outside the symbol, so that small ones keep their colour.
      context.strokeStyle = style.edge;
      context.lineWidth = 2.2 * Math.min(1, grow);
      context.lineJoin = "round";
      context.stroke();
      context.fillStyle = style.fill;
      context.fill();
      if (style.ring) {
        context.strokeStyle = style.ring;
        context.lineWidth = 1.3 * Math.min(1, grow + 0.15);
        context.stroke();
      }
      if (!mark) return;
      const size = style.radius * grow * (mark.length > 2 ? 0.95 : 1.2);
      context.font = `700 ${size}px "Source Sans", "Source Sans Pro", system-ui, sans-serif`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillStyle = style.edge;
      context.fillText(mark, x, y + 0.06 * size);
    }

    routeLines(at) {
      const place = ([lat, lon]) => at(worldX(unwrap(lon)), worldY(lat));
      return this.spec.routes.map((route) => route.path.map(place));
    }

    paintRoutes(context, at) {
      const { theme } = this;
      const lines = this.routeLines(at);
      for (const [colour, width] of [["#ffffff", 4.4], [theme.ink, 1.9]]) {
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.lineJoin = "round";
        context.lineCap = "round";
        for (const line of lines) {
          context.beginPath();
          line.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
          context.stroke();
        }
      }
    }

    paintLabels(context, at) {
      const { theme, spec } = this;
      const lines = this.routeLines(at);
      context.font = '600 12px "Source Sans", "Source Sans Pro", system-ui, sans-serif';
      context.textBaseline = "middle";
      lines.forEach((line, i) => {
        const { label } = spec.routes[i];
        if (!label || line.length < 2) return;
        const [x, y] = line[line.length - 1];
        const onLeft = x < line[0][0];
        context.textAlign = onLeft ? "right" : "left";
        const shift = onLeft ? -13 : 13;
        context.strokeStyle = "rgba(255,255,255,0.95)";
        context.lineWidth = 4;
        context.strokeText(label, x + shift, y);
        context.fillStyle = theme.ink;
        context.fillText(label, x + shift, y);
      });
    }

    paintOrigin(context, at) {
      const { theme, spec } = this;
      if (!spec.origin) return;
      const [x, y] = at(worldX(unwrap(spec.origin.lon)), worldY(spec.origin.lat));
      const drop = () => {
        context.beginPath();
        context.moveTo(x, y);
        context.bezierCurveTo(x - 3, y - 8, x - 9, y - 12, x - 9, y - 19);
        context.arc(x, y - 19, 9, Math.PI, 0);
        context.bezierCurveTo(x + 9, y - 12, x + 3, y - 8, x, y);
        context.closePath();
      };
      drop();
      context.strokeStyle = "#ffffff";
      context.lineWidth = 4;
      context.stroke();
      context.fillStyle = theme.ink;
      context.fill();
      context.beginPath();
      context.arc(x, y - 19, 3.4, 0, 2 * Math.PI);
      context.fillStyle = "#ffffff";
      context.fill();
    }

    painted() {
      this.status.paints += 1;
      if (!this.spec || !this.outlines || this.status.painted === this.spec.revision) return;
      const { revision } = this.spec;
      // Two frames later the canvas is on the screen, whatever the browser still had to do.
      requestAnimationFrame(() => requestAnimationFrame(() => {
        if (this.spec.revision !== revision) return;
        this.status.painted = revision;
        document.body.dataset.atlasPainted = revision;
      }));
    }

    // ---- view -------------------------------------------------------------------------------

    show(bounds, animate) {
      const { map } = this;
      this.shown = bounds;
      if (!map.getSize().x) return; // hidden; the resize that ends it calls again
      const [south, west, north, east] = bounds;
      const area = L.latLngBounds([south, west], [north, east]);
      const zoom = Math.min(11, map.getBoundsZoom(area, false, L.point(16, 16)));
      const middle = map.project(area.getSouthWest(), zoom)
        .add(map.project(area.getNorthEast(), zoom)).divideBy(2);
      this.aim = { centre: map.unproject(middle, zoom), zoom };
      map.setView(this.aim.centre, zoom, { animate: animate && !this.calm });
    }

    // Has the reader left the view that was last shown?
    moved() {
      if (!this.aim) return false;
      const zoom = this.map.getZoom();
      const here = this.map.project(this.map.getCenter(), zoom);
      return Math.abs(zoom - this.aim.zoom) > 0.01
        || here.distanceTo(this.map.project(this.aim.centre, zoom)) > 3;
    }

    remember() {
      if (!this.spec) return;
      const centre = this.map.getCenter();
      try {
        sessionStorage.setItem(`atlas-view-${this.options.key}`, JSON.stringify({
          view: this.spec.view, lat: centre.lat, lon: centre.lng, zoom: this.map.getZoom(),
          kept: this.moved() || this.shown !== this.spec.bounds,
        }));
      } catch { /* private windows may refuse; the view is then not kept between pages */ }
    }

    // The reader's own pan and zoom, when coming back to a page that still asks for the same view.
    recall(view) {
      try {
        const kept = JSON.parse(sessionStorage.getItem(`atlas-view-${this.options.key}`));
        if (!kept || kept.view !== view || !kept.kept) return false;
        this.map.setView([kept.lat, kept.lon], kept.zoom, { animate: false });
        return true;
      } catch {
        return false;
      }
    }

    // ---- pointing and choosing ----------------------------------------------------------------

    find(point) {
      const zoom = this.map.getZoom();
      const origin = this.map.containerPointToLayerPoint(point).add(this.map.getPixelOrigin());
      const scale = 2 ** zoom;
      const grow = this.growth(zoom);
      let best = null;
      let least = Infinity;
      for (let i = this.sites.length - 1; i >= 0; i -= 1) {
        const site = this.sites[i];
        const distance = Math.hypot(site.x * scale - origin.x, site.y * scale - origin.y);
        const size = site.style.radius * (site.mark ? Math.max(1, grow) : grow);
        const reach = Math.max(size + 2, this.coarsePointer ? 14 : 6);
        if (distance <= reach && distance < least - 0.01) {
          best = site;
          least = distance;
        }
      }
      if (best) return { kind: "site", id: best.id, site: best };
      const { outlines, spec } = this;
      if (!outlines || !spec) return null;
      const [x, y] = [origin.x / scale, origin.y / scale];
      const shape = this.shapeAt(x, y, true);
      if (shape) return shape;
      const county = outlines.countyAt(x, y);
      if (county < 0) return null;
      const state = outlines.stateOfCounty[county];
      if (spec.areas && spec.areas.level === "state") {
        return { kind: "state", id: outlines.stateIds[state], index: state };
      }
      const beneath = this.shapeAt(x, y, false);
      const note = beneath ? beneath.label : "";
      return { kind: "county", id: outlines.countyIds[county], index: county, state, note };
    }

    textOf(found) {
      const { outlines, spec } = this;
      if (found.kind === "site") return this.labelOf(found.site);
      if (found.index === undefined) return found.label;
      const name = found.kind === "state"
        ? outlines.stateNames[found.index]
        : `${outlines.countyNames[found.index]}, ${outlines.stateIds[found.state]}`;
      if (!spec.areas) return found.note ? `${name} — ${found.note}` : name;
      const code = spec.areas.codes[found.index];
      const value = this.values[found.index] / 10 ** spec.areas.decimals;
      let text = `${value.toLocaleString("en-US")}${spec.areas.unit}`;
      if (code === this.theme.noData.code) text = "no data";
      if (code === this.theme.unreachable.code) text = "no road to any centre";
      return `${name} — ${text}`;
    }

    point(at) {
      const found = at && this.find(at);
      const same = found && this.hover && found.kind === this.hover.kind && found.id === this.hover.id;
      if (found) {
        const text = this.textOf(found);
        if (this.status.hover !== text) this.tip.textContent = text;
        this.status.hover = text;
        const size = this.map.getSize();
        this.tip.style.display = "block";
        const width = this.tip.offsetWidth;
        const left = Math.max(6, Math.min(size.x - width - 6, at.x + 14));
        const above = at.y > size.y - 60;
        this.tip.style.transform = `translate(${left}px, ${above ? at.y - 42 : at.y + 16}px)`;
      } else {
        this.tip.style.display = "none";
        this.status.hover = "";
      }
      if (same || (!found && !this.hover)) return;
      if (found && found.index !== undefined) {
        found.path = this.outlines.rim(
          found.kind === "state" ? this.outlines.countiesOfState[found.index] : [found.index],
        );
      }
      this.map.getContainer().style.cursor = found ? "pointer" : "";
      this.hover = found;
      this.canvas.request(false);
    }

    choose(point) {
      const found = this.find(point) || { kind: "background", id: "" };
      if (found.kind === "background" && !(this.spec && this.spec.selected)) return;
      const spot = this.map.containerPointToLatLng(point).wrap();
      const event = JSON.stringify({
        kind: found.kind, id: found.id, at: Date.now(),
        lat: Math.round(1e4 * spot.lat) / 1e4, lon: Math.round(1e4 * spot.lng) / 1e4,
      });
      // Hand the event over as streamlit-folium's own value, without its quarter of a second wait.
      const shared = window.__GLOBAL_DATA__;
      shared.last_object_clicked_tooltip = event;
      shared.previous_data = { last_object_clicked_tooltip: event };
      window.Streamlit.setComponentValue(shared.previous_data);
    }

    // ---- extras -----------------------------------------------------------------------------

    tiles(wanted) {
      if (Boolean(wanted) === Boolean(this.tileLayer)) return;
      if (!wanted) {
        this.tileLayer.remove();
        this.tileLayer = null;
        return;
      }
      let missing = 0;
      const layer = L.tileLayer(wanted.url, { attribution: wanted.attribution, maxZoom: 19 });
      layer.on("tileload", () => { missing = -Infinity; });
      layer.on("tileerror", () => {
        missing += 1;
        if (missing < 3 || layer.failed || this.tileLayer !== layer) return;
        // Kept, though off the map, so that a rerun does not try again until asked anew.
        layer.failed = true;
        layer.remove();
        this.say("Background map unavailable: showing outlines only.", 5000);
        this.canvas.request(true);
      });
      this.tileLayer = layer.addTo(this.map);
    }

    say(text, milliseconds, retry) {
      clearTimeout(this.silence);
      this.notice.textContent = text;
      this.notice.style.display = text ? "block" : "none";
      if (retry) {
        const button = L.DomUtil.create("button", "", this.notice);
        button.type = "button";
        button.textContent = "Try again";
        L.DomEvent.disableClickPropagation(button);
        button.addEventListener("click", retry);
      }
      if (milliseconds) this.silence = setTimeout(() => this.say(""), milliseconds);
    }
  }

  const STYLE = `
    body { margin: 0; overflow: hidden; }
    body > span { display: none; }
    .leaflet-container { background: $SEA; color: $INK; outline-offset: -2px;
      font: 13px/1.35 "Source Sans", "Source Sans Pro", system-ui, -apple-system, sans-serif; }
    .leaflet-container:focus-visible { outline: 2px solid $ACCENT; }
    .leaflet-bar a:focus-visible, .atlas-jumps button:focus-visible,
    .atlas-notice button:focus-visible { outline: 2px solid $ACCENT; outline-offset: 1px; }
    .leaflet-touch .leaflet-bar, .leaflet-bar { border: 1px solid #c9d0d8; box-shadow: none;
      border-radius: 6px; overflow: hidden; }
    .leaflet-bar a { color: $INK; }
    .leaflet-control-scale-line { background: rgba(255,255,255,.7); border-color: #8a94a0;
      color: #4a5560; font-size: 11px; }
    .leaflet-control-attribution { font-size: 10.5px; }
    .atlas-tip { position: absolute; left: 0; top: 0; z-index: 900; display: none;
      pointer-events: none; max-width: min(320px, 90%); padding: 4px 9px; border-radius: 5px;
      background: $INK; color: #fff; font-size: 13px; box-shadow: 0 2px 8px rgba(20,30,40,.25); }
    .atlas-notice { position: absolute; left: 50%; top: 12px; z-index: 950; display: none;
      transform: translateX(-50%); width: max-content; max-width: 80%; padding: 5px 12px;
      border-radius: 6px; background: rgba(255,255,255,.94); border: 1px solid #c9d0d8; }
    .atlas-notice button { margin-left: 10px; }
    .atlas-notice button, .atlas-jumps button { font: inherit; font-size: 12px; color: $INK;
      background: rgba(255,255,255,.92); border: 1px solid #c9d0d8; border-radius: 5px;
      padding: 3px 8px; cursor: pointer; }
    .atlas-jumps button:hover { background: #fff; border-color: #8a94a0; }
    .atlas-jumps { display: flex; flex-wrap: wrap; gap: 4px; }
    .atlas-cross { display: none; position: absolute; left: 50%; top: 50%; z-index: 800;
      width: 21px; height: 21px; margin: -10.5px; pointer-events: none;
      background: linear-gradient($INK, $INK) center/1.5px 100% no-repeat,
        linear-gradient($INK, $INK) center/100% 1.5px no-repeat; }
    .atlas-keys .atlas-cross { display: block; }
    .atlas-spoken { position: absolute; width: 1px; height: 1px; overflow: hidden;
      clip-path: inset(50%); }
    @media (max-width: 480px) { .leaflet-control-scale { display: none; } }
  `;

  // ---- entry points ---------------------------------------------------------------------------

  let view = null;
  window.AtlasMap = {
    mount(map, options) {
      view = new AtlasView(map, options);
      // A rerun that came while this frame was loading was dropped by streamlit-folium, which
      // listens but has no map yet. Being ready once more makes Streamlit send the latest again.
      window.Streamlit.setComponentReady();
    },
    update(spec) {
      // Streamlit-folium keeps every feature group it was ever given; ours are only messengers.
      window.feature_group = [];
      view.update(spec);
    },
  };
})();
