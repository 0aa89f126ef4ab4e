extension PageScript {
  /// Pointers, keys and buttons of the figures.
  static let pointers = #"""
    const prepare = plot => {
      const {svg, left, top, right, bottom} = plot;
      // Nothing inside a picture can be reached by keys.
      svg.setAttribute('role', 'group');
      plot.marks = make('g', {class: 'gk-tool', 'pointer-events': 'none'}, svg);
      const pane = make('rect', {class: 'gk-tool gk-pane', x: left, y: top, width: right - left,
        height: bottom - top, fill: 'none', 'pointer-events': 'all', tabindex: 0, role: 'group',
        'aria-label': (plot.data.t || 'Figure') + ': arrow keys read values'
          + (plot.data.q ? '' : ', plus and minus zoom, Escape shows everything')}, svg);
      make('title', {}, pane);
      const local = event => new DOMPoint(event.clientX, event.clientY)
        .matrixTransform(svg.getScreenCTM().inverse());
      const outside = (x, y) => {
        const point = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
        showBox(point.x, point.y);
      };
      let start = null, band = null, cursor = null;
      const readAt = event => {
        const {x, y} = local(event);
        cursor = read(plot, x, y);
        if (cursor) showBox(event.clientX, event.clientY);
      };
      pane.addEventListener('pointerdown', event => {
        if (event.button !== 0) return;
        start = local(event).x;
        if (event.pointerType === 'touch') readAt(event);
      });
      pane.addEventListener('pointermove', event => {
        if (start === null || plot.data.q) { readAt(event); return; }
        const x = Math.max(left, Math.min(right, local(event).x));
        if (!band && Math.abs(x - start) < 6) return;
        if (!band) {
          clear();
          band = make('rect', {class: 'gk-tool gk-band', y: top, height: bottom - top}, svg);
          try { pane.setPointerCapture(event.pointerId); } catch {}
        }
        band.setAttribute('x', Math.min(start, x));
        band.setAttribute('width', Math.abs(x - start));
      });
      const end = event => {
        const from = start, isDrag = band !== null;
        start = null;
        band?.remove();
        band = null;
        return isDrag && event ? [from, local(event).x] : null;
      };
      pane.addEventListener('pointerup', event => {
        const ends = end(event);
        const range = ends && rangeBetween(plot, ...ends);
        if (range) zoom(plot, range);
      });
      pane.addEventListener('pointercancel', () => end());
      pane.addEventListener('pointerleave', event => {
        if (!band) { start = null; if (event.pointerType !== 'touch') clear(); }
      });
      pane.addEventListener('dblclick', () => showAll(plot));
      pane.addEventListener('blur', clear);
      pane.addEventListener('keydown', event => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const middle = (left + right) / 2;
        const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
        if (event.key === '+' || event.key === '=') scaled(plot, cursor ? cursor.x : middle, 0.5);
        else if (event.key === '-') scaledOut(plot);
        else if (event.key === 'Escape' || event.key === '0') showAll(plot);
        else if (event.key === 'Home') cursor = read(plot, left, top);
        else if (event.key === 'End') cursor = read(plot, right, top);
        else if (step) cursor = stepped(plot, cursor, step);
        else return;
        event.preventDefault();
        if (cursor && (step || event.key === 'Home' || event.key === 'End')) outside(cursor.x, cursor.y);
      });
    };
    // The next point in sight from a cursor, or the first from none.
    const stepped = (plot, cursor, step) => {
      if (!cursor) return read(plot, step > 0 ? plot.left : plot.right, plot.top);
      if (plot.data.g) {
        const x = cursor.x + step * (cursor.width + 1) / 2;
        return x > plot.left && x < plot.right ? read(plot, x, cursor.y) : cursor;
      }
      const {values, f} = cursor.series;
      for (let i = cursor.i + step; i >= 0 && i < values.length; i += step) {
        const x = plot.x.at(values[i]), y = plot.y.at(cursor.series.y[i]);
        // A point that shares its pixel with the last cannot be told from it.
        if (!Number.isFinite(x + y) || Math.abs(x - cursor.x) < (f ? 0 : 0.5)) continue;
        return plot.isInside(values[i]) ? read(plot, x, y) : cursor;
      }
      return cursor;
    };
    const scaledOut = plot => {
      const {range, wholeX} = plot;
      if (!range) return;
      const factor = wholeX.scale ? Math.sqrt(range.high / range.low) : (range.high - range.low) / 2;
      const low = wholeX.scale ? range.low / factor : range.low - factor;
      const high = wholeX.scale ? range.high * factor : range.high + factor;
      const zero = range.zero || (wholeX.zero > 0 && low <= wholeX.low);
      if (low <= wholeX.low && high >= wholeX.high) { zoom(plot, null); return; }
      zoom(plot, {low: Math.max(low, wholeX.low), high: Math.min(high, wholeX.high), zero});
    };

    const saved = plot => {
      const copy = plot.svg.cloneNode(true);
      for (const element of copy.querySelectorAll('.gk-tool')) element.remove();
      for (const element of copy.querySelectorAll('.gk-view')) {
        if (element.style.display === 'none') element.remove();
      }
      for (const element of copy.querySelectorAll('[tabindex]')) {
        for (const name of ['tabindex', 'role', 'aria-pressed']) element.removeAttribute(name);
      }
      copy.setAttribute('role', 'img');
      return new XMLSerializer().serializeToString(copy);
    };
    const save = plot => {
      const title = plot.data.t || 'figure';
      const link = document.createElement('a');
      link.download = title.toLowerCase().replace(/[^\p{L}\p{N}.=]+/gu, '-') + '.svg';
      link.setAttribute('href', URL.createObjectURL(new Blob([saved(plot)], {type: 'image/svg+xml'})));
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.getAttribute('href')), 10000);
    };

    const button = (parent, text, label, action) => {
      const element = parent.appendChild(document.createElement('button'));
      element.type = 'button';
      element.textContent = text;
      element.title = label;
      element.addEventListener('click', action);
      return element;
    };
    const addTools = plot => {
      const tools = document.createElement('div');
      tools.className = 'tools';
      plot.svg.parentElement.prepend(tools);
      plot.showAll = button(tools, 'Show all', 'Back to the whole figure (Escape)', () => showAll(plot));
      plot.showAll.hidden = true;
      button(tools, 'Save SVG', 'Save this plot as it is shown', () => save(plot));
    };
    // Names in a legend: a click or Enter hides the series.
    const addEntry = (plot, entry) => {
      const series = plot.series[entry.dataset.series];
      const key = keyOf(series);
      entry.dataset.key = key;
      entry.setAttribute('tabindex', 0);
      entry.setAttribute('role', 'button');
      setPressed(entry, true);
      // The whole line can be clicked, not just its letters; it has to lie above the pane.
      const {x, y, width, height} = entry.getBBox();
      const target = make('rect', {class: 'gk-tool gk-target', x: x - 2, y: y - 1, width: width + 4,
        height: height + 2, fill: 'none', 'pointer-events': 'all'}, plot.svg);
      make('title', {}, target).textContent = 'Show or hide ' + series.n;
      target.addEventListener('click', () => toggle(key));
      entry.addEventListener('keydown', event => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        toggle(key);
      });
    };
    for (const plot of plots) {
      prepare(plot);
      addTools(plot);
      for (const entry of plot.svg.querySelectorAll('.gk-entry')) addEntry(plot, entry);
    }
    addEventListener('keydown', event => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      for (const plot of plots) if (plot.isChanged) showAll(plot);
    });
    addEventListener('scroll', clear, {passive: true});
    """#
}
