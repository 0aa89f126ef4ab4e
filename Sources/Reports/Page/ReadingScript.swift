extension PageScript {
  /// Values under the pointer or at the arrow keys, zooming, and hiding series.
  static let reading = #"""
    const box = document.body.appendChild(document.createElement('div'));
    box.className = 'read-out';
    box.setAttribute('role', 'status');
    box.hidden = true;
    const boxLine = (color, name, text) => {
      const row = box.appendChild(document.createElement('div'));
      if (color) row.appendChild(document.createElement('i')).style.color = color;
      row.appendChild(document.createTextNode(name ? name + '  ' : ''));
      row.appendChild(document.createElement('b')).textContent = text;
    };
    const words = (series, i, names) => {
      let y = names ? names[series.y[i]] : readable(series.y[i], 5);
      if (series.c) y += `, ${series.cl} ${readable(series.c[i], 5)}`.replace('  ', ' ');
      if (!series.i || series.l[i] === null || series.u[i] === null) return y;
      return `${y} (${readable(series.l[i], 4)} to ${readable(series.u[i], 4)})`;
    };

    const columns = JSON.parse(document.getElementById('columns').textContent).map(column);
    const plots = [...document.querySelectorAll('figure')].flatMap(element => {
      const drawings = element.querySelectorAll('.plot > svg');
      return JSON.parse(element.querySelector('script').textContent)
        .map((data, i) => new Plot(data, drawings[i], columns));
    });
    const linked = plot => plots.filter(other => other.link === plot.link);

    // MARK: Reading

    const clear = () => {
      for (const plot of plots) plot.marks.textContent = '';
      box.hidden = true;
    };
    const nearest = (plot, series, px, py) => {
      const {values} = series;
      let best = null;
      const consider = i => {
        const x = plot.x.at(values[i]), y = plot.y.at(series.y[i]);
        if (!Number.isFinite(x + y) || !plot.isInside(values[i])) return;
        const away = series.f ? Math.hypot(x - px, y - py) : Math.abs(x - px);
        if (!best || away < best.away) best = {series, i, x, y, away};
      };
      if (series.f) {
        values.forEach((_, i) => consider(i));
      } else {
        const middle = place(values, plot.x.valueAt(px));
        // Gaps may lie between the place and the nearest number.
        for (let i = middle; i < values.length && i < middle + 40 && !best; i++) consider(i);
        for (let i = middle - 1, tries = 0; i >= 0 && tries < 40; i--, tries++) {
          const before = best;
          consider(i);
          if (best !== before || (before && Number.isFinite(plot.y.at(series.y[i])))) break;
        }
      }
      return best;
    };
    const found = (plot, px, py) => plot.series.filter(s => !s.isQuiet && plot.isShown(s))
      .map(series => nearest(plot, series, px, py)).filter(Boolean);
    const dot = (plot, {series, x, y}) => {
      const group = make('g', {class: series.k}, plot.marks);
      if (y >= plot.top - 1 && y <= plot.bottom + 1) {
        make('circle', {cx: round(x), cy: round(y), r: 4, fill: 'currentColor'}, group);
      }
      return getComputedStyle(group).color;
    };
    const cross = (plot, x) => make('path', {d: `M${round(x)} ${plot.top}V${plot.bottom}`,
      stroke: 'currentColor', fill: 'none', 'stroke-opacity': .35}, plot.marks);

    // Shows the cell of a heat map at a place; gives its middle, or null for none.
    const readCell = (plot, px, py) => {
      const {x, y, c, r, v, l} = plot.data.g;
      const between = (edges, at) => edges.slice(1)
        .findIndex((edge, i) => Math.min(edge, edges[i]) <= at && at <= Math.max(edge, edges[i]));
      const column = between(x, px), row = between(y, py);
      if (column < 0 || row < 0) return null;
      boxLine(null, plot.data.x.l, c[column]);
      boxLine(null, plot.data.y.l, r[row]);
      const value = v[row * c.length + column];
      boxLine(null, l, value === null ? 'not finite' : readable(value, 5));
      const [left, right, top, bottom] = [x[column], x[column + 1],
        Math.min(y[row], y[row + 1]), Math.max(y[row], y[row + 1])];
      make('rect', {x: left, y: top, width: right - left, height: bottom - top, fill: 'none',
        stroke: 'currentColor', 'stroke-width': 2}, plot.marks);
      return {x: (left + right) / 2, y: (top + bottom) / 2, width: right - left};
    };
    // Shows the values nearest to a place in a plot; gives the place of those, or null for none.
    const read = (plot, px, py) => {
      clear();
      box.textContent = '';
      if (plot.data.g) return readCell(plot, px, py);
      const all = found(plot, px, py);
      if (!all.length) return null;
      const best = all.reduce((a, b) => b.away < a.away ? b : a);
      if (best.series.f && best.away > 30) return null;
      const value = best.series.values[best.i];
      boxLine(null, plot.data.x.l, readable(value, 7));
      for (const one of all) {
        if (best.series.f ? one !== best : one.series.f || Math.abs(one.x - best.x) > 3) continue;
        boxLine(dot(plot, one), one.series.n, words(one.series, one.i, plot.data.y.n));
      }
      if (best.series.f) return best;
      cross(plot, best.x);
      for (const other of linked(plot)) {
        const x = other.x.at(value);
        if (other === plot || !(x >= other.left && x <= other.right)) continue;
        cross(other, x);
        for (const one of found(other, x, 0)) {
          if (!one.series.f && Math.abs(one.x - x) <= 3) dot(other, one);
        }
      }
      return best;
    };
    const showBox = (x, y) => {
      box.hidden = false;
      const {offsetWidth: width, offsetHeight: height} = box;
      const left = x + 16 + width < innerWidth ? x + 16 : Math.max(4, x - 16 - width);
      box.style.left = left + 'px';
      box.style.top = Math.max(4, Math.min(y + 12, innerHeight - height - 8)) + 'px';
    };

    // MARK: Zooming and hiding

    const redraw = some => {
      clear();
      for (const plot of some) plot.draw();
      for (const plot of plots) plot.showAll.hidden = !plot.isChanged;
    };
    const zoom = (plot, range) => {
      if (plot.data.q) return;
      for (const other of linked(plot)) other.range = range;
      redraw(linked(plot));
    };
    // The range between two pixels of a plot; null where it is too small to be told apart.
    const rangeBetween = (plot, a, b) => {
      const axis = plot.x;
      let low = axis.valueAt(Math.max(plot.left, Math.min(a, b)));
      const high = axis.valueAt(Math.min(plot.right, Math.max(a, b)));
      const zero = axis.scale === 2 && low === 0;
      if (zero) low = axis.low;
      const isTiny = axis.scale ? high / low < 1 + 1e-6
        : high - low < 1e-9 * Math.max(Math.abs(low), Math.abs(high));
      return high > low && !isTiny ? {low, high, zero} : null;
    };
    const scaled = (plot, px, factor) => {
      const {left, right} = plot;
      const range = rangeBetween(plot, px - (px - left) * factor, px + (right - px) * factor);
      if (range) zoom(plot, range);
    };
    const showAll = plot => {
      const all = new Set(linked(plot));
      for (const other of all) other.range = null;
      for (const key of [...plot.hidden]) toggle(key);
      redraw([...all, plot]);
    };
    const setPressed = (entry, isShown) => {
      entry.setAttribute('aria-pressed', isShown);
      entry.style.opacity = isShown ? '' : .35;
    };
    // Hides a series, or shows it again, wherever the page has it.
    const toggle = key => {
      const some = plots.filter(plot => !plot.data.q && plot.series.some(series => keyOf(series) === key));
      const isHidden = some.some(plot => plot.hidden.has(key));
      for (const plot of some) if (isHidden) plot.hidden.delete(key); else plot.hidden.add(key);
      for (const entry of document.querySelectorAll('.gk-entry')) {
        if (entry.dataset.key === key) setPressed(entry, isHidden);
      }
      redraw(some);
    };
    """#
}
