extension PageScript {
  /// One plot of a figure: its numbers, and how it is drawn for other ranges than those of the file.
  static let view = #"""
    const ns = 'http://www.w3.org/2000/svg';
    const make = (name, attributes, parent, text) => {
      const element = document.createElementNS(ns, name);
      for (const key in attributes) {
        if (attributes[key] !== '') element.setAttribute(key, attributes[key]);
      }
      if (text !== undefined) element.textContent = text;
      return parent.appendChild(element);
    };
    const round = value => Math.round(value * 10) / 10;
    const painted = (name, property) => ({class: 'gk-' + name, [property]: roles[name]});

    const column = ({d, v}) => {
      if (v) return v.map(value => value === null ? NaN : value);
      const result = d.slice(0, 1);
      for (let i = 1; i < d.length; i += 2) {
        for (let count = d[i + 1]; count > 0; count--) result.push(result[result.length - 1] + d[i]);
      }
      return result;
    };
    // The first place in rising values that is not below one.
    const place = (values, value) => {
      let low = 0, high = values.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (values[middle] < value) low = middle + 1; else high = middle;
      }
      return low;
    };

    // Series of one name and color are the same wherever they are drawn.
    const keyOf = series => series.n + ' ' + series.k;

    class Plot {
      constructor(data, svg, columns) {
        this.data = data;
        this.svg = svg;
        this.still = svg.querySelector('.gk-view');
        [this.left, this.top, this.right, this.bottom] = data.b;
        // A figure that does not zoom goes with no other.
        this.link = data.q ? this : data.x.l + '|' + data.x.s;
        this.range = null;
        this.hidden = new Set();
        const isNamed = data.s.some(series => series.n);
        let owner = null;
        this.series = data.s.map(series => ({...series, values: columns[series.x]}));
        // What has no name stays behind the next series that has one.
        for (const series of [...this.series].reverse()) {
          if (series.n) owner = series;
          series.owner = series.n || !isNamed ? series : owner;
          series.isQuiet = series.owner !== series;
        }
        const {x, y} = data;
        this.wholeX = new Axis(x.s, ...x.r, ...x.e, x.z);
        this.wholeY = new Axis(y.s, ...y.r, ...y.e, y.z);
        this.x = this.wholeX;
        this.y = this.wholeY;
      }
      isShown(series) { return series.owner === null || !this.hidden.has(keyOf(series.owner)); }
      get isChanged() { return this.range !== null || this.hidden.size > 0; }

      // The points of a series in sight, with one neighbor on each side.
      span(series) {
        const count = series.values.length;
        if (series.f || !this.range) return [0, count];
        const {low, high, zero} = this.range;
        return [zero ? 0 : Math.max(0, place(series.values, low) - 1),
          Math.min(count, place(series.values, high * (1 + 1e-12)) + 1)];
      }
      isInside(value) {
        const {low, high, zero} = this.range || {low: -Infinity, high: Infinity};
        return value >= low && value <= high || (zero && value === 0);
      }

      fit() {
        const {left, right, data, range} = this;
        this.x = range
          ? new Axis(data.x.s, range.low, range.high, left, right, range.zero) : this.wholeX;
        this.y = this.wholeY;
        if (data.y.f) return;
        const isLogarithmic = data.y.s > 0;
        let low = Infinity, high = -Infinity, hasZero = false;
        const take = value => {
          if (value === null || value === undefined || !Number.isFinite(value)) return;
          if (isLogarithmic && !(value > 0)) { hasZero ||= value === 0; return; }
          if (value < low) low = value;
          if (value > high) high = value;
        };
        for (const isNear of [false, true]) {
          for (const series of this.series.filter(s => this.isShown(s))) {
            const [from, to] = this.span(series);
            for (let i = from; i < to; i++) {
              if (!isNear && !this.isInside(series.values[i])) continue;
              take(series.y[i]);
              if (series.i) { take(series.l[i]); take(series.u[i]); }
            }
          }
          if (low <= high) break;
        }
        if (!(low <= high)) return;
        if (isLogarithmic) {
          const margin = high / low < 1 + 1e-6 ? 10 ** 0.5 : (high / low) ** 0.05;
          low /= margin;
          high *= margin;
        } else {
          if (high - low < 1e-12 * Math.max(Math.abs(low), Math.abs(high)) || high === low) {
            const margin = 0.1 * Math.abs(high) || 0.5;
            low -= margin;
            high += margin;
          }
          const margin = 0.05 * (high - low);
          if (low >= 0 && low <= 0.25 * high) low = low === 0 ? -margin / 2 : 0;
          else low -= margin;
          high += margin;
        }
        this.y = new Axis(data.y.s, low, high, this.bottom, this.top, data.y.s === 2 && hasZero);
      }

      // Draws anew, or shows the drawing of the file where nothing has changed.
      draw() {
        this.layer?.remove();
        this.layer = null;
        this.still.style.display = this.isChanged ? 'none' : '';
        this.fit();
        if (!this.isChanged) return;
        this.layer = make('g', {class: 'gk-now'}, this.svg);
        this.svg.insertBefore(this.layer, this.svg.querySelector('.gk-plot'));
        const across = ticks(this.x, false), up = ticks(this.y, true);
        this.drawFrame(across, up);
        const {left, top, right, bottom} = this;
        const inside = make('svg', {x: left - 1, y: top - 1, width: right - left + 2,
          height: bottom - top + 2, overflow: 'hidden',
          viewBox: [left - 1, top - 1, right - left + 2, bottom - top + 2].join(' ')}, this.layer);
        for (const series of this.series) if (this.isShown(series)) this.drawSeries(series, inside);
        this.drawTexts(across, up);
      }

      drawFrame(across, up) {
        const {left, top, right, bottom, data, layer} = this;
        const grid = up.major.filter(y => y < bottom - 2).map(y => `M${left} ${round(y)}H${right}`)
          .concat(across.major.filter(x => x > left + 2).map(x => `M${round(x)} ${top}V${bottom}`));
        make('path', {...painted('grid', 'stroke'), fill: 'none', d: grid.join('')}, layer);
        const guide = (d, color, dash) => make('path', {
          ...(color ? {class: color, color: '#' + color.slice(3, 9), stroke: 'currentColor'}
            : painted('guide', 'stroke')), fill: 'none', 'stroke-dasharray': dash, d}, layer);
        for (const [value, , color] of data.h) {
          const y = this.y.at(value);
          if (y >= top && y <= bottom) guide(`M${left} ${round(y)}H${right}`, color, '2 3');
        }
        for (const [value, , color] of data.m) {
          const x = this.x.at(value);
          if (x >= left && x <= right) guide(`M${round(x)} ${top}V${bottom}`, color, '5 3');
        }
        const line = (axis, isVertical) => {
          const along = (a, b) => isVertical ? `M${left} ${round(a)}V${round(b)}`
            : `M${round(a)} ${bottom}H${round(b)}`;
          const [start, end] = isVertical ? [bottom, top] : [left, right];
          if (!axis.zero) return along(start, end);
          const cut = p => isVertical ? `M${left - 5} ${round(p + 2)}L${left + 5} ${round(p - 2)}`
            : `M${round(p - 2)} ${bottom + 5}L${round(p + 2)} ${bottom - 5}`;
          const a = axis.gap - 2.5 * axis.way, b = axis.gap + 2.5 * axis.way;
          return along(start, a) + along(b, end) + cut(a) + cut(b);
        };
        const tick = (x, length) => `M${round(x)} ${bottom}V${bottom + length}`;
        const sideTick = (y, length) => `M${round(left - length)} ${round(y)}H${left}`;
        make('path', {...painted('axis', 'stroke'), fill: 'none', d: line(this.x, false)
          + line(this.y, true) + across.major.map(x => tick(x, 4)).join('')
          + across.minor.map(x => tick(x, 2.4)).join('') + up.major.map(y => sideTick(y, 4)).join('')
          + up.minor.map(y => sideTick(y, 2.4)).join('')}, layer);
      }

      drawTexts(across, up) {
        const {left, top, right, bottom, data, layer} = this;
        const numbers = make('g', {...painted('muted', 'fill'), 'font-size': 11}, layer);
        const number = (text, power, x, y, anchor) => {
          const element = make('text', {x: round(x), y: round(y), 'text-anchor': anchor}, numbers, text);
          if (power) make('tspan', {dy: -4, 'font-size': 8.5}, element, power);
        };
        for (const [x, text, power] of across.labels) number(text, power, x, bottom + 19, 'middle');
        for (const [y, text, power] of up.labels) number(text, power, left - 8, y + 3.9, 'end');
        const factor = power => String(power).replace('-', '−');
        if (up.power) number('×10', factor(up.power), left - 8, top - 12, 'end');
        if (across.power) number('×10', factor(across.power), right, bottom + 39, 'end');
        const notes = make('g', {...painted('muted', 'fill'), 'font-size': 10.5}, layer);
        for (const [value, text] of data.h) {
          const y = this.y.at(value);
          if (y >= top && y <= bottom) make('text', {x: right + 6, y: round(y + 3.7)}, notes, text);
        }
        const events = make('g', {...painted('ink', 'fill'), 'font-size': 10.5,
          'text-anchor': 'middle'}, layer);
        const ends = Array(data.w).fill(-Infinity);
        for (const [value, text] of [...data.m].sort((a, b) => a[0] - b[0])) {
          const x = this.x.at(value), half = text.length * 2.9;
          if (!(x >= left && x <= right)) continue;
          const row = ends.findIndex(end => end < x - half);
          if (row < 0) continue;
          ends[row] = x + half + 8;
          make('text', {x: round(x), y: top - 6 - 15 * row}, events, text);
        }
      }

      drawSeries(series, parent) {
        const {x, y, bottom} = this;
        const [from, to] = this.span(series);
        const group = make('g', {class: series.k, color: '#' + series.k.slice(3, 9), fill: 'none',
          stroke: 'currentColor'}, parent);
        const across = i => x.at(series.values[i]);
        const limited = p => Math.max(-1e4, Math.min(1e4, p));
        const up = value => limited(y.at(value));
        const end = value => value === null ? NaN : value <= 0 && y.scale ? bottom : up(value);
        if (series.i === 1) {
          let d = '', upper = '', lower = [];
          const flush = () => {
            if (lower.length > 1) d += upper + lower.reverse().join('') + 'Z';
            upper = '';
            lower = [];
          };
          for (let i = from; i < to; i++) {
            const p = round(limited(across(i))), a = round(end(series.l[i])), b = round(end(series.u[i]));
            if (!(Number.isFinite(p + a + b)) || series.y[i] === null) { flush(); continue; }
            upper += (upper ? 'L' : 'M') + p + ' ' + b;
            lower.push(`L${p} ${a}`);
          }
          flush();
          make('path', {fill: 'currentColor', 'fill-opacity': 0.18, stroke: 'none', d}, group);
        } else if (series.i === 2) {
          let d = '';
          for (let i = from; i < to; i++) {
            const p = round(across(i)), a = round(end(series.l[i])), b = round(end(series.u[i]));
            if (Number.isFinite(p + a + b)) {
              d += `M${p} ${a}V${b}M${p - 3} ${a}h6M${p - 3} ${b}h6`;
            }
          }
          make('path', {'stroke-width': 1.1, d}, group);
        }
        let dots = '';
        if (series.t !== 1) {
          const [line, single] = this.line(series, from, to, across, up);
          make('path', {'stroke-width': 1.75, 'stroke-linejoin': 'round',
            'stroke-dasharray': series.d.join(' '), d: line}, group);
          dots = single;
        }
        if (series.t === 1 || series.t === 2) {
          for (let i = from; i < to; i++) {
            const px = round(across(i)), py = round(up(series.y[i]));
            if (Number.isFinite(px + py)) dots += `M${px} ${py}h0`;
          }
        }
        const count = to - from;
        if (dots) {
          make('path', {'stroke-width': series.t === 0 || series.t === 3 || count <= 80 ? 6
            : count > 400 ? 2.6 : 4.5, 'stroke-linecap': 'round', d: dots}, group);
        }
      }

      // The line through the points, in each column of pixels its first, last, lowest and highest, and
      // dots for points between gaps.
      line(series, from, to, across, up) {
        let d = '', dots = '', isStart = true, length = 0, last = null;
        const put = ([px, py]) => {
          const p = round(px), q = round(py);
          if (isStart) d += `M${p} ${q}`;
          else d += series.t === 3 ? `H${p}V${q}` : `L${p} ${q}`;
          isStart = false;
          length += 1;
          last = `M${p} ${q}h0`;
        };
        let stretch = [], pixel = NaN;
        const flush = () => {
          if (stretch.length > 4) {
            let low = 0, high = 0;
            stretch.forEach(([, py], i) => {
              if (py < stretch[low][1]) low = i;
              if (py > stretch[high][1]) high = i;
            });
            const kept = new Set([0, low, high, stretch.length - 1]);
            stretch = stretch.filter((_, i) => kept.has(i));
          }
          stretch.forEach(put);
          stretch = [];
        };
        const gap = () => {
          flush();
          if (length === 1) dots += last;
          isStart = true;
          length = 0;
          pixel = NaN;
        };
        for (let i = from; i < to; i++) {
          const px = Math.max(-1e4, Math.min(1e4, across(i))), py = up(series.y[i]);
          if (!Number.isFinite(px + py)) { gap(); continue; }
          if (Math.floor(px) !== pixel) { flush(); pixel = Math.floor(px); }
          stretch.push([px, py]);
        }
        gap();
        return [d, dots];
      }
    }
    """#
}
