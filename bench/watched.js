// Put into every page before its own scripts: when the reader last did something, when the
// page last changed after it (painted: what can be seen; settled: anything), and what kept
// the browser busy.
(() => {
  const drawnOn = new WeakMap();
  const seen = { input: 0, changed: 0, painted: 0, settled: 0, chart: 0, tasks: [], scripts: {} };
  window.__bench = seen;
  for (const kind of ["pointerdown", "click", "keydown", "input"]) {
    addEventListener(kind, (event) => {
      if (event.isTrusted) seen.input = event.timeStamp;
    }, true);
  }
  let changed = new Set();
  const change = (element) => {
    seen.changed = performance.now();
    changed.add(element);
    if (changed.size > 1) return;
    requestAnimationFrame(() => {
      const shown = [...changed].some(isShown);
      changed = new Set();
      requestAnimationFrame(() => {
        seen.settled = performance.now();
        if (shown) seen.painted = seen.settled;
      });
    });
  };
  // Not above or below the window, not wholly transparent as a toolbar that nobody points at,
  // and no picture that is drawn again as it was.
  const isShown = (element) => {
    if (!element?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const box = element.getBoundingClientRect();
    return box.bottom >= 0 && box.top <= innerHeight && box.right >= 0 && box.left <= innerWidth
      && (element.localName !== "canvas" || isAnother(element));
  };
  const isAnother = (canvas) => {
    const { width, height } = canvas;
    const context = width && height && canvas.getContext("2d");
    if (!context) return true;
    const points = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    let told = width;
    for (const point of points) told = (Math.imul(told, 31) + point) | 0;
    const before = drawnOn.get(canvas);
    drawnOn.set(canvas, told);
    return told !== before;
  };
  // What a canvas holds is for screen readers and never drawn: tables put a copy of themselves
  // there a while after they have been drawn. It is no part of the page that can be seen.
  const changedBy = (change) => {
    const element = change.target.closest ? change.target : change.target.parentElement;
    const canvas = element?.closest("canvas");
    return canvas && (canvas !== element || change.type === "childList") ? null : element;
  };
  const look = () => {
    if (seen.chart) return;
    const charts = document.querySelectorAll(
      '[data-testid="stVegaLiteChart"] :is(svg, canvas), [data-testid="stEChartsChart"] :is(svg, canvas)');
    // What is smaller is no chart that anybody could read.
    if ([...charts].some((chart) => chart.getBoundingClientRect().width > 100)) {
      seen.chart = -1;
      requestAnimationFrame(() => requestAnimationFrame(() => { seen.chart = performance.now(); }));
    }
  };
  new MutationObserver((changes) => {
    look();
    const own = (node) => (node.closest ? node : node.parentElement)?.closest?.(
      '[data-testid="stMain"], [data-testid="stSidebar"], [data-testid="portal"]');
    for (const each of changes) if (own(each.target)) change(changedBy(each));
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  // What is drawn on a canvas changes no element.
  for (const name of ["fillRect", "fillText", "fill", "stroke", "clearRect", "drawImage"]) {
    const drawn = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      if (this.canvas.isConnected) change(this.canvas);
      return drawn.apply(this, given);
    };
  }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.tasks.push([entry.startTime, entry.duration]);
  }).observe({ type: "longtask", buffered: true });
  try {
    new PerformanceObserver((list) => {
      for (const frame of list.getEntries()) {
        for (const script of frame.scripts) {
          const file = (script.sourceURL || script.invoker || "?").split("/").pop().split("?")[0];
          seen.scripts[file] = Math.max(seen.scripts[file] || 0, script.duration);
        }
      }
    }).observe({ type: "long-animation-frame", buffered: true });
  } catch { /* an older browser tells no more than how long it was busy */ }
})();
