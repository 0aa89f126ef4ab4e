import Foundation
import GrokNumerics
import TestSupport
import Testing

@testable import GrokReports

/// Pages in a real browser: what they look like, what they say under the pointer, how they zoom.
@Suite(.enabled(if: Chromium.isFound, "\(Chromium.howToProvide)"), .serialized)
struct BrowserTests {
  /// Two plots that share steps, one of another axis, and a table.
  private var page: String {
    let steps: [Double] = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]
    let train = steps.map { $0 < 100 ? 0.02 : 1.0 }
    let test = steps.map { $0 < 2_000 ? 0.01 : 0.75 }
    let accuracy = Plot(
      "Accuracy", x: .logarithmicWithZero("Step"), y: .linear("Accuracy", range: 0...1),
      series: [Plot.Series("train", x: steps, y: train), Plot.Series("test", x: steps, y: test)],
      markers: [Plot.Marker(at: 100, "fit 100")], size: .half)
    let loss = Plot(
      "Loss", x: .logarithmicWithZero("Step"), y: .logarithmic("Loss"),
      series: [
        Plot.Series(
          "train", x: steps, y: steps.map { 4 / (1 + $0) }, error: steps.map { 0.4 / (1 + $0) }),
        Plot.Series("test", x: steps, y: steps.map { $0 == 50 ? .nan : 4 + $0 / 1_000 }),
      ], size: .half)
    let cloud = Plot(
      "Cloud", x: .linear("x"), y: .linear("y"),
      series: [
        Plot.Series("points", x: [3, 1, 2, 7], y: [1, 5, 2, -4], style: .markers)
      ], size: .half)
    return HTMLReport(
      title: "Browser", subtitle: "A page for tests", facts: [.init("Fit", "100")],
      warnings: ["Not a real run"],
      sections: [
        .init(
          "Curves",
          [.figure(PlotGrid(plots: [accuracy, loss]), caption: "Both."), .figure(cloud)]),
        .init(
          "Table",
          [
            .table(
              .init(
                columns: ["Name", "Steps"],
                rows: [["b", "1,200"], ["a", "never"], ["c", "3×10⁻²"], ["d", "−5"]]))
          ]),
      ]
    ).html()
  }

  /// Functions that act as a reader does. `at` gives the page's place of a value along x.
  static let hands = """
    const panes = [...document.querySelectorAll('.gk-pane')];
    const act = (pane, type, x, y = 0.5, extra = {}) => {
      const box = pane.getBoundingClientRect();
      pane.dispatchEvent(new PointerEvent(type, {bubbles: true, clientX: box.left + x * box.width,
        clientY: box.top + y * box.height, button: 0, pointerId: 1, ...extra}));
    };
    const drag = (pane, from, to, extra = {}) => {
      act(pane, 'pointerdown', from, 0.5, extra);
      act(pane, 'pointermove', (from + to) / 2, 0.5, extra);
      act(pane, 'pointermove', to, 0.5, extra);
      act(pane, 'pointerup', to, 0.5, extra);
    };
    const key = (element, name) => element.dispatchEvent(
      new KeyboardEvent('keydown', {key: name, bubbles: true, cancelable: true}));
    const box = document.querySelector('.read-out');
    const said = () => box.hidden ? null : [...box.children].map(row => row.textContent);
    const texts = (index) => [...document.querySelectorAll('.plot')][index]
      .querySelectorAll('.gk-now text');
    const numbers = index => [...texts(index)].map(text => text.textContent);
    const stills = () => [...document.querySelectorAll('.gk-view')].map(g => g.style.display);

    """

  private func run(_ script: String, width: Int = 1100) throws -> JSONValue {
    let (value, complaints) = try Chromium.run(Self.hands + script, in: page, width: width)
    #expect(complaints.isEmpty, "\(complaints)")
    return value
  }

  @Test func valuesAreReadUnderThePointerInAllPlotsOfTheSteps() throws {
    let value = try run(
      """
      act(panes[0], 'pointermove', 0.999, 0.2);
      const last = said(), dots = document.querySelectorAll('.gk-tool circle').length;
      act(panes[1], 'pointermove', 0.02, 0.2);
      const first = said();
      act(panes[0], 'pointerleave', 0.5);
      report({last, dots, first, left: said()});
      """)
    #expect(value["last"] == ["Step  10,000", "train  1", "test  0.75"])
    // Two series in each of the two plots that share the steps.
    #expect(value["dots"] == 4)
    #expect(value["first"] == ["Step  0", "train  4 (3.6 to 4.4)", "test  4"])
    #expect(value["left"] == .null)
  }

  @Test func pointsAreFoundInBothDirections() throws {
    let value = try run(
      """
      const paneBox = panes[2].getBoundingClientRect();
      const dots = [...document.querySelectorAll('.plot')][2].querySelector('.gk-view g[class*="gk-0"] path');
      act(panes[2], 'pointermove', 0.5, 0.5);
      const far = said();
      const [x, y] = dots.getAttribute('d').match(/M([0-9.]+) ([0-9.]+)h0/).slice(1).map(Number);
      const place = new DOMPoint(x + 2, y + 3).matrixTransform(dots.ownerSVGElement.getScreenCTM());
      panes[2].dispatchEvent(new PointerEvent('pointermove', {bubbles: true, clientX: place.x, clientY: place.y}));
      report({far, near: said()});
      """)
    #expect(value["far"] == .null)
    #expect(value["near"] == ["x  3", "points  1"])
  }

  @Test func draggingZoomsAllPlotsOfTheStepsAndBack() throws {
    let value = try run(
      """
      drag(panes[0], 0.5, 0.9);
      const zoomed = [numbers(0), numbers(1), stills()];
      act(panes[1], 'pointermove', 0.999, 0.5);
      const read = said();
      panes[0].dispatchEvent(new MouseEvent('dblclick', {bubbles: true}));
      const back = stills();
      drag(panes[1], 0.5, 0.9, {pointerType: 'touch'});
      const touched = stills();
      document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}));
      drag(panes[0], 0.0, 0.5);
      const zero = numbers(0);
      const button = [...document.querySelectorAll('.tools button')].find(b => !b.hidden);
      button.click();
      report({zoomed, read, back, touched, zero, end: stills()});
      """)
    // The two plots of steps are drawn anew, the third is not.
    #expect(value["zoomed"]?.array?[2] == ["none", "none", ""])
    let across = value["zoomed"]?.array?[0].array?.compactMap(\.string) ?? []
    // A fixed vertical range stays, the event at 100 is in sight, the first steps are not.
    #expect(across.contains("1.0") && across.contains("0.0") && across.contains("fit 100"))
    #expect(across.contains("1,000") && !across.contains("0") && !across.contains("1"))
    let read = value["read"]?.array?.compactMap(\.string) ?? []
    #expect(["Step  2,000", "Step  5,000"].contains(read.first))
    #expect(value["back"] == ["", "", ""])
    #expect(value["touched"] == ["none", "none", ""])
    let zero = value["zero"]?.array?.compactMap(\.string) ?? []
    #expect(zero.first == "0" && zero.contains("10") && !zero.contains("1,000"))
    #expect(value["end"] == ["", "", ""])
  }

  @Test func namesOfTheLegendHideSeries() throws {
    let value = try run(
      """
      const entry = [...document.querySelectorAll('.gk-entry')].find(e => e.textContent.trim() === 'test');
      key(entry, 'Enter');
      const pressed = entry.getAttribute('aria-pressed');
      act(panes[0], 'pointermove', 0.999, 0.5);
      const one = said(), lossTicks = numbers(1);
      document.querySelectorAll('.gk-target')[1].dispatchEvent(new MouseEvent('click', {bubbles: true}));
      act(panes[0], 'pointermove', 0.999, 0.5);
      report({pressed, one, lossTicks, two: said(), end: stills()});
      """)
    #expect(value["pressed"] == "false")
    #expect(value["one"] == ["Step  10,000", "train  1"])
    #expect(value["two"] == ["Step  10,000", "train  1", "test  0.75"])
    #expect(value["end"] == ["", "", ""])
  }

  @Test func arrowsReadAndKeysZoom() throws {
    let value = try run(
      """
      const pane = panes[0];
      key(pane, 'End');
      const last = said();
      key(pane, 'ArrowLeft');
      const before = said();
      key(pane, '+');
      const zoomed = stills()[0];
      key(pane, '-');
      key(pane, 'Escape');
      key(pane, 'Home');
      const first = said();
      key(pane, 'ArrowRight');
      report({last, before, zoomed, first, second: said(), end: stills()[0], role: pane.getAttribute('role')});
      """)
    #expect(value["last"]?.array?.first == "Step  10,000")
    #expect(value["before"]?.array?.first == "Step  5,000")
    #expect(value["zoomed"] == "none")
    #expect(value["first"]?.array?.first == "Step  0")
    #expect(value["second"]?.array?.first == "Step  1")
    #expect(value["end"] == "")
  }

  /// The axes that the script draws are those of the file, for ranges of all kinds.
  @Test(.tags(.oracle)) func ticksAreThoseOfTheFile() throws {
    let key = RandomKey(seed: 41)
    var plots: [Plot] = []
    for index in 0..<40 {
      let unit = Double("1e\(key.integer(at: 4 * index, in: -9..<9))") ?? 1
      let low = Double(key.integer(at: 4 * index + 1, in: 1..<999))
      let high = low + Double(key.integer(at: 4 * index + 2, in: 1..<99_999))
      let scale = Plot.Scale.allCases[index % 3]
      plots.append(
        Plot(
          "\(index)", x: Plot.Axis("x\(index)", scale: scale),
          y: Plot.Axis("y", scale: index % 2 == 0 ? .linear : .logarithmic),
          series: [
            Plot.Series(
              "a", x: [scale == .logarithmicWithZero ? 0 : low, low, high],
              y: [low * unit, low * unit, high * unit])
          ]))
    }
    let page = HTMLReport(title: "Ticks", sections: [.init("", plots.map { .figure($0) })]).html()
    let (value, complaints) = try Chromium.run(
      """
      const words = (plot, name) => [...plot.svg.querySelectorAll(name + ' text')]
        .map(text => text.textContent).sort();
      report(window.allPlots.map(plot => {
        // The ranges of the file, drawn by the script.
        plot.fit = () => {};
        Object.defineProperty(plot, 'isChanged', {value: true});
        plot.draw();
        return [words(plot, '.gk-view'), words(plot, '.gk-now')];
      }));
      """, in: page.replacing("const linked =", with: "window.allPlots = plots;\nconst linked ="))
    #expect(complaints.isEmpty, "\(complaints)")
    let pairs = value.array?.compactMap(\.array) ?? []
    #expect(pairs.count == plots.count)
    for (index, pair) in pairs.enumerated() {
      #expect(pair[0] == pair[1], "plot \(index): \(plots[index].x) \(plots[index].y)")
    }
  }

  @Test func tablesSort() throws {
    let value = try run(
      """
      const table = document.querySelector('table');
      const column = () => [...table.tBodies[0].rows].map(row => row.cells[0].textContent).join('');
      const [names, steps] = table.querySelectorAll('thead button');
      const orders = [column()];
      for (const button of [names, names, steps, steps]) { button.click(); orders.push(column()); }
      report({orders, sort: table.tHead.rows[0].cells[1].getAttribute('aria-sort')});
      """)
    #expect(value["orders"] == ["bacd", "abcd", "dcba", "dcba", "bcda"])
    #expect(value["sort"] == "descending")
  }

  /// A live page loads itself again and is where its reader left it.
  @Test func aLivePageKeepsWhatItsReaderDid() throws {
    var report = HTMLReport(
      title: "Live",
      sections: [
        .init(
          "",
          [
            .figure(
              Plot(
                "Curve", x: .linear("Step"), y: .linear("Value"),
                series: [
                  Plot.Series("a", x: [0, 1, 2, 3, 4], y: [0, 1, 4, 9, 16]),
                  Plot.Series("b", x: [0, 1, 2, 3, 4], y: [1, 2, 5, 10, 17]),
                ])), .details("More", [.text("Text.")]),
          ])
      ], live: .init("Step 3.", refreshSeconds: 1))
    let script = """
      if (sessionStorage.getItem('visited')) {
        document.querySelector('.live button').click();
        report({state: stills(), numbers: numbers(0), open: document.querySelector('details').open,
          pressed: [...document.querySelectorAll('.gk-entry')].map(e => e.getAttribute('aria-pressed'))});
      } else {
        sessionStorage.setItem('visited', 'yes');
        drag(panes[0], 0.5, 0.9);
        document.querySelectorAll('.gk-target')[1].dispatchEvent(new MouseEvent('click', {bubbles: true}));
        document.querySelector('details').open = true;
      }
      """
    let (value, complaints) = try Chromium.run(Self.hands + script, in: report.html())
    #expect(complaints.isEmpty, "\(complaints)")
    #expect(value["state"] == ["none"] && value["open"] == true)
    #expect(value["pressed"] == ["true", "false"])
    #expect(value["numbers"]?.array?.contains("0") == false)
    // One that is written no more stays as it is.
    report.live = .init("Done.", refreshSeconds: nil)
    let (still, _) = try Chromium.run(
      "setTimeout(() => report(performance.getEntriesByType('navigation')[0].type), 4000);",
      in: report.html())
    #expect(still == "navigate")
  }

  @Test func colorsFollowTheButton() throws {
    let value = try run(
      """
      const button = document.querySelector('.theme'), colors = [];
      for (let i = 0; i < 4; i++) {
        colors.push(getComputedStyle(document.body).backgroundColor
          + getComputedStyle(document.querySelector('.gk-ink')).fill);
        button.click();
      }
      report(colors);
      """)
    let (light, dark) = ("rgb(255, 255, 255)rgb(26, 31, 36)", "rgb(21, 25, 30)rgb(232, 235, 238)")
    #expect(value == [.string(light), .string(light), .string(dark), .string(light)])
  }

  @Test(arguments: [(1100, false), (1100, true), (500, false)])
  func looksLikeAPage(width: Int, isDark: Bool) throws {
    let picture = try Picture(
      png: try Chromium.screenshot(of: page, width: width, height: 900, isDark: isDark))
    #expect(picture.width == width && picture.height == 900)
    let (mean, variance) = picture.moments
    #expect(isDark ? mean < 80 : mean > 200, "\(mean)")
    #expect(variance > 100, "\(variance)")
    #expect(picture.colorCount > 100)
  }
}
