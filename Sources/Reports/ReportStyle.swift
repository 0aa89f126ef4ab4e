/// What the page of a report looks like, and the script that reads values out of its figures.
enum ReportStyle {
  /// The style sheet of the page, without that of the figures.
  static let sheet = """
    :root{color-scheme:light dark;--ink:#1a1f24;--muted:#545d66;--rule:#dfe3e7;--card:#f5f7f9;\
    --paper:#fff;--warn:#8a5a00;--warn-card:#fff7e6;--link:#0067a3}
    @media screen and (prefers-color-scheme:dark){:root{--ink:#e8ebee;--muted:#a6afb8;--rule:#2e353d;\
    --card:#1c2127;--paper:#15191e;--warn:#f0c060;--warn-card:#2b2415;--link:#6db8f0}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,\
    'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans',sans-serif;\
    -webkit-text-size-adjust:100%}
    main{max-width:1064px;margin:0 auto;padding:36px 32px 64px}
    h1{font-size:26px;line-height:1.25;margin:0;letter-spacing:-.01em;overflow-wrap:anywhere}
    h2{font-size:18px;line-height:1.3;margin:44px 0 12px}
    p{margin:0 0 12px;max-width:72ch;white-space:pre-line}
    .subtitle{color:var(--muted);margin:4px 0 0}
    .facts{display:grid;grid-template-columns:repeat(var(--columns),1fr);gap:10px;margin:26px 0 0;\
    padding:0}
    .facts div{background:var(--card);border-radius:8px;padding:11px 14px 12px}
    .facts dt{color:var(--muted);font-size:12.5px;line-height:1.4}
    .facts dd{margin:0}
    .facts .value{font-size:21px;font-weight:600;line-height:1.35;font-variant-numeric:tabular-nums;\
    overflow-wrap:anywhere}
    .facts .detail{color:var(--muted);font-size:12.5px;line-height:1.4}
    .warnings{margin:20px 0 0;padding:12px 16px;background:var(--warn-card);\
    border-left:3px solid var(--warn);border-radius:0 6px 6px 0}
    .warnings h2{margin:0;font-size:14px;color:var(--warn)}
    .warnings ul{margin:4px 0 0;padding-left:18px}
    figure{margin:0 0 26px;position:relative;break-inside:avoid}
    figure svg{display:block;margin-left:-14px;max-width:calc(100% + 28px);height:auto}
    figcaption{color:var(--muted);font-size:13.5px;line-height:1.5;max-width:86ch;margin:6px 0 0}
    figcaption b{color:var(--ink);font-weight:600}
    .table{overflow-x:auto;margin:0 0 20px}
    table{border-collapse:collapse;font-size:13.5px;line-height:1.45;min-width:min(100%,420px)}
    th,td{padding:5px 22px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);\
    overflow-wrap:anywhere}
    th:last-child,td:last-child{padding-right:4px}
    thead th{font-weight:600;color:var(--muted);font-size:12.5px;border-bottom:1px solid var(--muted);\
    white-space:nowrap}
    .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    td:first-child{white-space:nowrap}
    details{border-top:1px solid var(--rule);margin:0;padding:10px 0}
    details[open]{padding-bottom:4px}
    summary{cursor:pointer;font-weight:600}
    summary:focus-visible{outline:2px solid var(--link);outline-offset:3px;border-radius:2px}
    details>:not(summary){margin-top:10px}
    .read-out{position:fixed;z-index:1;pointer-events:none;background:var(--paper);color:var(--ink);\
    border:1px solid var(--rule);border-radius:6px;box-shadow:0 2px 10px #0002;padding:6px 10px;\
    font-size:12.5px;line-height:1.5;font-variant-numeric:tabular-nums;white-space:nowrap}
    .read-out b{font-weight:600}
    .read-out i{display:inline-block;width:12px;height:3px;border-radius:2px;background:currentColor;\
    margin-right:7px;vertical-align:middle}
    @media print{body{font-size:10.5pt}main{max-width:none;padding:0}h2{break-after:avoid}\
    details::details-content{content-visibility:visible;block-size:auto}tr,.facts div{break-inside:avoid}\
    .read-out{display:none}}
    @media (max-width:860px){.facts{grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}}
    @media (max-width:600px){main{padding:20px 16px 40px}}
    """

  /// Shows the values of the nearest points while the pointer is over a plot. The page is complete
  /// without it.
  static let script = """
    (() => {
      const ns = 'http://www.w3.org/2000/svg';
      const make = (name, attributes, parent) => {
        const element = document.createElementNS(ns, name);
        for (const key in attributes) element.setAttribute(key, attributes[key]);
        return parent.appendChild(element);
      };
      const box = document.body.appendChild(document.createElement('div'));
      box.className = 'read-out';
      box.hidden = true;
      const line = (parent, color, name, text) => {
        const row = parent.appendChild(document.createElement('div'));
        if (color) {
          const mark = row.appendChild(document.createElement('i'));
          mark.style.color = color;
        }
        row.appendChild(document.createTextNode(name ? name + '  ' : ''));
        row.appendChild(document.createElement('b')).textContent = text;
      };
      for (const data of document.querySelectorAll('figure > script')) {
        const svg = data.parentElement.querySelector('svg');
        for (const plot of JSON.parse(data.textContent)) {
          const [left, top, right, bottom] = plot.b;
          const marks = make('g', {'pointer-events': 'none'}, svg);
          const pane = make('rect', {
            x: left, y: top, width: right - left, height: bottom - top, fill: 'none',
            'pointer-events': 'all'}, svg);
          make('title', {}, pane);
          const clear = () => { marks.textContent = ''; box.hidden = true; };
          const dot = (series, point) => {
            const group = make('g', {class: series.k}, marks);
            make('circle', {cx: point[0], cy: point[1], r: 4, fill: 'currentColor'}, group);
            return getComputedStyle(group).color;
          };
          pane.addEventListener('pointerleave', clear);
          pane.addEventListener('pointermove', event => {
            const place = new DOMPoint(event.clientX, event.clientY)
              .matrixTransform(svg.getScreenCTM().inverse());
            clear();
            box.textContent = '';
            const found = [];
            for (const series of plot.s) {
              let nearest = null, distance = Infinity;
              for (const point of series.p) {
                const away = series.f ? Math.hypot(point[0] - place.x, point[1] - place.y)
                  : Math.abs(point[0] - place.x);
                if (away < distance) { distance = away; nearest = point; }
              }
              if (nearest) found.push({series, nearest, distance});
            }
            if (!found.length) return;
            const best = found.reduce((a, b) => b.distance < a.distance ? b : a);
            if (best.series.f && best.distance > 30) return;
            const x = best.nearest[0];
            line(box, null, plot.x, best.nearest[2]);
            for (const one of found) {
              if (best.series.f ? one !== best : one.series.f || Math.abs(one.nearest[0] - x) > 3)
                continue;
              line(box, dot(one.series, one.nearest), one.series.n, one.nearest[3]);
            }
            if (!best.series.f) {
              make('path', {d: `M${x} ${top}V${bottom}`, stroke: 'currentColor', fill: 'none',
                'stroke-opacity': .35}, marks);
            }
            box.hidden = false;
            const width = box.offsetWidth, height = box.offsetHeight;
            const toRight = event.clientX + 16 + width < innerWidth;
            box.style.left = (toRight ? event.clientX + 16 : event.clientX - 16 - width) + 'px';
            box.style.top = Math.min(event.clientY + 12, innerHeight - height - 8) + 'px';
          });
        }
      }
    })();
    """
}
