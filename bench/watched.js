// Put into every page before its own scripts: when the reader last did something, when the
// page last changed after it, and what kept the browser busy.
(() => {
  const seen = { input: 0, changed: 0, painted: 0, chart: 0, tasks: [], scripts: {} };
  window.__bench = seen;
  for (const kind of ["pointerdown", "click", "keydown", "input"]) {
    addEventListener(kind, (event) => {
      if (event.isTrusted) seen.input = event.timeStamp;
    }, true);
  }
  const change = () => {
    seen.changed = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(() => { seen.painted = performance.now(); }));
  };
  const look = () => {
    if (seen.chart) return;
    const charts = document.querySelectorAll(
      '[data-testid="stVegaLiteChart"] :is(svg, canvas), [data-testid="stEChartsChart"] :is(svg, canvas)');
    if (charts.length) {
      seen.chart = -1;
      requestAnimationFrame(() => requestAnimationFrame(() => { seen.chart = performance.now(); }));
    }
  };
  new MutationObserver((changes) => {
    look();
    const own = (node) => (node.closest ? node : node.parentElement)?.closest?.(
      '[data-testid="stMain"], [data-testid="stSidebar"], [data-testid="portal"]');
    if (changes.some((each) => own(each.target))) change();
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  // What is drawn on a canvas changes no element.
  for (const name of ["fillRect", "fillText", "fill", "stroke", "clearRect", "drawImage"]) {
    const drawn = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      if (this.canvas.isConnected) change();
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
