extension PageScript {
  /// Numbers as ``Readable`` writes them, and axes as ``AxisMap``, ``LinearTicks`` and ``LogarithmicTicks``
  /// lay them out: a figure that is zoomed looks like one that was drawn so.
  static let axes = #"""
    const raised = number =>
      [...String(number)].map(c => c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[c]).join('');
    const grouped = text => {
      const [whole, fraction] = text.split('.');
      return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction ? '.' + fraction : '');
    };
    const readable = (value, digits) => {
      if (value === null || Number.isNaN(value)) return 'not a number';
      if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
      if (value === 0) return '0';
      const sign = value < 0 ? '−' : '', size = Math.abs(value);
      if (Number.isInteger(value) && size < 1e7) return sign + grouped(String(size));
      const [mantissa, exponent] = size.toExponential(digits - 1).split('e');
      const trimmed = text => text.includes('.') ? text.replace(/\.?0+$/, '') : text;
      if (exponent < -4 || exponent > 6) return sign + trimmed(mantissa) + '×10' + raised(+exponent);
      const plain = Number(mantissa + 'e' + exponent).toFixed(Math.max(0, digits - 1 - exponent));
      return sign + grouped(trimmed(plain));
    };

    // An axis between two pixels: scale 0 linear, 1 logarithmic, 2 with a place for 0 before it.
    class Axis {
      constructor(scale, low, high, start, end, hasZero) {
        Object.assign(this, {scale, low, high, start, end});
        this.way = end >= start ? 1 : -1;
        this.zero = hasZero ? Math.min(36, Math.abs(end - start) * 0.15) : 0;
      }
      at(value) {
        if (value === null || !Number.isFinite(value)) return NaN;
        if (this.scale === 0) {
          return this.start + (value - this.low) / (this.high - this.low) * (this.end - this.start);
        }
        if (value === 0 && this.zero) return this.start + this.way * this.zero * 0.3;
        if (!(value > 0)) return NaN;
        const first = this.start + this.way * this.zero;
        return first + Math.log(value / this.low) / Math.log(this.high / this.low)
          * (this.end - first);
      }
      valueAt(pixel) {
        if (this.scale === 0) {
          return this.low + (pixel - this.start) / (this.end - this.start) * (this.high - this.low);
        }
        const first = this.start + this.way * this.zero;
        if (this.zero && (pixel - first) * this.way < -this.zero * 0.3) return 0;
        return this.low * (this.high / this.low) ** ((pixel - first) / (this.end - first));
      }
      get gap() { return this.zero ? this.start + this.way * this.zero * 0.68 : null; }
      get length() { return Math.abs(this.end - this.start); }
    }

    const linearTicks = (low, high, target) => {
      const magnitude = Math.floor(Math.log10(high - low));
      let best = null, least = Infinity;
      for (let exponent = magnitude - 3; exponent <= magnitude + 1; exponent++) {
        for (const [factor, penalty] of [[10, 0], [20, 0], [25, 1.2], [50, 0]]) {
          const step = Number(factor + 'e' + exponent);
          const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
          const count = last - first + 1;
          if (count < 3 || count > 12) continue;
          const excess = count - target;
          const cost = (excess > 0 ? 1.2 * excess : -excess) + penalty;
          if (cost < least) { least = cost; best = {first, last, factor, exponent}; }
        }
      }
      if (!best) return {values: [low, high], texts: [readable(low, 6), readable(high, 6)], power: 0};
      const {first, last, factor, exponent} = best;
      const multiples = Array.from({length: last - first + 1}, (_, i) => (first + i) * factor);
      const values = multiples.map(m => Number(m + 'e' + exponent));
      const largest = Math.max(...values.map(Math.abs));
      const size = largest > 0 ? Math.floor(Math.log10(largest) + 1e-12) : 0;
      const power = size >= 6 || size <= -4 ? size : 0;
      const places = Math.max(0, (factor % 10 ? -exponent : -exponent - 1) + power);
      const texts = multiples.map(m => (m < 0 ? '−' : '')
        + grouped(Number(Math.abs(m) + 'e' + (exponent - power)).toFixed(places)));
      return {values, texts, power};
    };

    const logarithmicTicks = (low, high, level) => {
      const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high));
      const inside = v => v >= low * (1 - 1e-12) && v <= high * (1 + 1e-12);
      const values = (factors, every) => {
        const result = [];
        for (let decade = first; decade <= last; decade++) {
          if (decade % every) continue;
          for (const factor of factors) {
            const value = Number(factor + 'e' + decade);
            if (inside(value)) result.push(value);
          }
        }
        return result;
      };
      const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];
      if (level.every) {
        const labeled = values([1], level.every);
        if (level.every > 1) {
          return {labeled, minor: last - first > 60 ? []
            : values([1], 1).filter(v => !labeled.includes(v))};
        }
        return {labeled, minor: last - first <= 12 ? values(digits.slice(1), 1) : []};
      }
      if (level.linear) return {labeled: linearTicks(low, high, level.linear).values, minor: []};
      return {labeled: values(level.parts, 1),
        minor: values(digits.filter(d => !level.parts.includes(d)), 1)};
    };

    const logarithmicTexts = values => {
      const isPlain = values.every(v => v > 0.00099 && v < 100001);
      return values.map(v => {
        const [mantissa, exponent] = v.toExponential(11).split('e');
        const factor = mantissa.replace(/\.?0+$/, '');
        if (isPlain) return [grouped(String(Number(v.toPrecision(12))))];
        const power = String(+exponent).replace('-', '−');
        return [factor === '1' ? '10' : factor + '×10', power];
      });
    };

    // The ticks of an axis: labels [pixel, text, exponent], short marks, and a power of ten left out.
    const ticks = (axis, isVertical) => {
      const target = Math.min(Math.max(Math.floor(axis.length / (isVertical ? 40 : 80)), 3),
        isVertical ? 8 : 9);
      const width = ([, text, exponent]) => isVertical ? 16 : 6.2 * text.length
        + 4.8 * (exponent || '').length + 8;
      const thinned = labels => {
        const kept = [];
        for (const label of labels) {
          const last = kept[kept.length - 1];
          if (last && Math.abs(label[0] - last[0]) < (width(label) + width(last)) / 2) continue;
          kept.push(label);
        }
        return kept;
      };
      let result = {labels: [], minor: [], power: 0};
      if (axis.scale === 0) {
        for (let count = target; count >= 3; count--) {
          const {values, texts, power} = linearTicks(axis.low, axis.high, count);
          result = {labels: values.map((v, i) => [axis.at(v), texts[i]]), minor: [], power};
          if (thinned(result.labels).length === result.labels.length) break;
        }
      } else {
        const count = level => logarithmicTicks(axis.low, axis.high, level).labeled.length;
        const levels = count({every: 1}) >= 3
          ? [1, 2, 3, 5, 10, 20, 50, 100, 200].map(every => ({every})).filter(l => count(l) >= 2
              && count(l) <= 12)
          : [{parts: [1, 2, 5]}, {parts: [1, 3]}, {parts: [1, 2, 3, 4, 5, 6, 7, 8, 9]},
              {linear: target}, {linear: 3}].filter(l => count(l) >= 3 && count(l) <= 12);
        for (const level of levels) {
          const {labeled, minor} = logarithmicTicks(axis.low, axis.high, level);
          const texts = logarithmicTexts(labeled);
          result = {labels: labeled.map((v, i) => [axis.at(v), ...texts[i]]),
            minor: minor.map(v => axis.at(v)), power: 0};
          if (thinned(result.labels).length === result.labels.length) break;
        }
        if (axis.zero) result.labels.unshift([axis.at(0), '0']);
        const gaps = result.minor.slice(1).map((p, i) => Math.abs(p - result.minor[i]));
        if (Math.min(10, ...gaps) < 1.5) result.minor = [];
      }
      result.major = result.labels.map(label => label[0]);
      result.labels = thinned(result.labels);
      return result;
    };
    """#
}
