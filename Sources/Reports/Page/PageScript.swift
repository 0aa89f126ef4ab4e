/// What a page does for its reader where scripts run. The page is complete without.
enum PageScript {
  /// The whole script of a page.
  static func text(hasFigures: Bool) -> String {
    let figureParts = [roles, axes, view, reading, pointers]
    return "(() => {\n'use strict';\n"
      + ([page] + (hasFigures ? figureParts : []) + [live]).joined(separator: "\n") + "\n})();"
  }

  /// The colors on light paper of what all figures share, for files that are saved.
  private static var roles: String {
    let members = FigureStyle.roles.map { "\($0.name):'\($0.light)'" }
    return "const roles = {\(members.joined(separator: ","))};"
  }

  /// The choice between light and dark, and tables that sort.
  private static let page = #"""
    const root = document.documentElement;
    const kept = (name, value) => {
      // Pages that are opened as files may not be allowed to keep anything.
      try {
        if (value === undefined) return localStorage.getItem(name);
        localStorage.setItem(name, value);
      } catch {}
      return null;
    };
    const themes = {auto: 'As the system', light: 'Light', dark: 'Dark'};
    const themeButton = document.querySelector('header').appendChild(document.createElement('button'));
    themeButton.type = 'button';
    themeButton.className = 'theme';
    const setTheme = name => {
      if (name === 'auto') delete root.dataset.theme; else root.dataset.theme = name;
      themeButton.textContent = {auto: '◐', light: '☀', dark: '☾'}[name];
      themeButton.title = themes[name] + '; click for another';
      themeButton.setAttribute('aria-label', 'Colors: ' + themes[name]);
      themeButton.value = name;
    };
    setTheme(themes[kept('grok-theme')] ? kept('grok-theme') : 'auto');
    themeButton.addEventListener('click', () => {
      const names = Object.keys(themes);
      setTheme(names[(names.indexOf(themeButton.value) + 1) % names.length]);
      kept('grok-theme', themeButton.value);
    });

    const numberIn = text => {
      const match = text.replace(/−/g, '-').replace(/,/g, '')
        .match(/^(-?[\d.]+)(?:e([-+]?\d+)|×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/);
      if (!match) return /^-?∞/.test(text) ? Infinity : null;
      const raisedPower = (match[3] || '').replace('⁻', '-')
        .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, c => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c));
      return Number(match[1]) * 10 ** Number(match[2] || raisedPower || 0);
    };
    const sort = (table, index, way) => {
      const body = table.tBodies[0];
      const isNumeric = table.tHead.rows[0].cells[index].classList.contains('number');
      const rows = [...body.rows].map((row, order) => {
        const text = row.cells[index].textContent;
        return {row, order, text, number: isNumeric ? numberIn(text) : null};
      });
      rows.sort((a, b) => {
        // What is no number, such as "never", comes last in either direction.
        if (isNumeric && (a.number === null || b.number === null)) {
          return (a.number === null) - (b.number === null) || a.order - b.order;
        }
        const difference = isNumeric ? a.number - b.number
          : a.text.localeCompare(b.text, 'en', {numeric: true});
        return way * difference || a.order - b.order;
      });
      body.append(...rows.map(({row}) => row));
      for (const cell of table.tHead.rows[0].cells) cell.removeAttribute('aria-sort');
      table.tHead.rows[0].cells[index].setAttribute('aria-sort', way > 0 ? 'ascending' : 'descending');
    };
    for (const table of document.querySelectorAll('table')) {
      if (!table.tHead || table.tBodies[0].rows.length < 2) continue;
      [...table.tHead.rows[0].cells].forEach((cell, index) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.append(...cell.childNodes);
        cell.append(button);
        button.addEventListener('click', () =>
          sort(table, index, cell.getAttribute('aria-sort') === 'ascending' ? -1 : 1));
      });
    }
    """#

  /// A page that is written again and again shows its next state in the place of the last.
  private static let live = #"""
    const note = document.querySelector('.live');
    const memory = 'grok-page-' + location.pathname;
    const remembered = value => {
      try {
        if (value === undefined) return JSON.parse(sessionStorage.getItem(memory));
        if (value === null) sessionStorage.removeItem(memory);
        else sessionStorage.setItem(memory, JSON.stringify(value));
      } catch {}
      return null;
    };
    const shown = () => ({
      scroll: [scrollX, scrollY],
      open: [...document.querySelectorAll('details')].map(element => element.open),
      sorted: [...document.querySelectorAll('table')].map(table => [...(table.tHead?.rows[0].cells || [])]
        .map(cell => cell.getAttribute('aria-sort'))),
      ranges: typeof plots === 'undefined' ? {}
        : Object.fromEntries(plots.filter(plot => plot.range).map(plot => [plot.link, plot.range])),
      hidden: typeof plots === 'undefined' ? [] : [...new Set(plots.flatMap(plot => [...plot.hidden]))],
    });
    const before = remembered();
    remembered(null);
    if (before) {
      document.querySelectorAll('details').forEach((element, i) => { element.open = before.open[i] ?? false; });
      document.querySelectorAll('table').forEach((table, i) => (before.sorted[i] || []).forEach((way, j) => {
        if (way && table.tHead?.rows[0].cells[j]) sort(table, j, way === 'ascending' ? 1 : -1);
      }));
      if (typeof plots !== 'undefined') {
        for (const plot of plots) plot.range = before.ranges[plot.link] || null;
        before.hidden.forEach(toggle);
        redraw(plots);
      }
      scrollTo(...before.scroll);
    }
    if (note?.dataset.seconds) {
      let isPaused = false;
      const pause = note.appendChild(document.createElement('button'));
      pause.type = 'button';
      pause.textContent = 'Pause';
      pause.addEventListener('click', () => {
        isPaused = !isPaused;
        pause.textContent = isPaused ? 'Go on' : 'Pause';
      });
      let isHeld = false;
      addEventListener('pointerdown', () => { isHeld = true; });
      addEventListener('pointerup', () => { isHeld = false; });
      setInterval(() => {
        // Never under the reader's hands.
        const isRead = document.querySelector('.read-out:not([hidden])');
        if (isPaused || isHeld || isRead || document.hidden) return;
        remembered(shown());
        location.reload();
      }, 1000 * note.dataset.seconds);
    }
    """#
}
