/// What the page of a report looks like.
enum ReportStyle {
  /// The style sheet of a page with figures of the given colors.
  static func sheet(_ colors: [PlotColor]) -> String {
    let light = ":root{color-scheme:light;\(lightColors)}" + FigureStyle.rules(colors, \.light)
    func dark(_ root: String) -> String {
      "\(root){color-scheme:dark;\(darkColors)}"
        + FigureStyle.rules(colors, \.dark, under: root + " ")
    }
    return """
      \(light)
      @media screen{\(dark(":root[data-theme=dark]"))}
      @media screen and (prefers-color-scheme:dark){\(dark(":root:not([data-theme])"))}
      \(layout)
      """
  }

  private static let lightColors = """
    --ink:#1a1f24;--muted:#545d66;--rule:#dfe3e7;--card:#f5f7f9;--paper:#fff;--warn:#8a5a00;\
    --warn-card:#fff7e6;--link:#0067a3;--mark:#f0e3b4
    """
  private static let darkColors = """
    --ink:#e8ebee;--muted:#a6afb8;--rule:#2e353d;--card:#1c2127;--paper:#15191e;--warn:#f0c060;\
    --warn-card:#2b2415;--link:#6db8f0;--mark:#4a4120
    """

  private static let layout = """
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
    figure{margin:0 0 26px}
    .plots{display:flex;flex-wrap:wrap;margin:0 -14px}
    .plot{position:relative;max-width:100%;break-inside:avoid}
    .plot>svg{display:block;max-width:100%;height:auto}
    .tools{position:absolute;right:12px;top:5px;display:flex;gap:6px;z-index:1}
    button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
    .tools button,.live button{font-size:12px;line-height:1.4;color:var(--muted);background:var(--card);\
    border-radius:5px;padding:2px 9px}
    .tools button:last-child{opacity:0}
    h3{font-size:15px;margin:0 0 6px}
    .plot:hover .tools button,.tools:focus-within button{opacity:1}
    .tools button:hover,.live button:hover,.theme:hover{color:var(--ink)}
    button:focus-visible,.gk-entry:focus-visible{outline:2px solid var(--link);outline-offset:2px;\
    border-radius:3px}
    [hidden]{display:none!important}
    .gk-pane{cursor:crosshair;touch-action:pan-y;outline:none}
    .gk-pane:focus-visible{outline:2px solid var(--link)}
    .gk-target{cursor:pointer}
    .gk-band{fill:var(--link);fill-opacity:.14;stroke:var(--link);stroke-opacity:.5}
    @media (hover:none){.tools button:last-child{opacity:1}}
    header{position:relative;padding-right:44px}
    .theme{position:absolute;right:0;top:2px;width:32px;height:32px;font-size:17px;line-height:1;\
    color:var(--muted);border-radius:6px}
    .theme:hover{background:var(--card)}
    .live{margin:16px 0 0;color:var(--muted);font-size:13.5px;display:flex;gap:10px;align-items:center}
    .live::before{content:'';width:9px;height:9px;border-radius:50%;background:var(--muted);flex:none}
    .live[data-seconds]::before{background:#1c9a5b}
    @media (prefers-reduced-motion:no-preference){.live[data-seconds]::before{animation:pulse 2s ease-in-out infinite}}
    @keyframes pulse{50%{opacity:.25}}
    figcaption{color:var(--muted);font-size:13.5px;line-height:1.5;max-width:86ch;margin:6px 0 0}
    figcaption b{color:var(--ink);font-weight:600}
    .table{overflow-x:auto;margin:0 0 20px}
    table{border-collapse:collapse;font-size:13.5px;line-height:1.45;min-width:min(100%,420px)}
    th,td{padding:5px 20px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);\
    overflow-wrap:anywhere}
    th:last-child,td:last-child{padding-right:4px}
    thead th{font-weight:600;color:var(--muted);font-size:12.5px;border-bottom:1px solid var(--muted);\
    white-space:nowrap}
    .wide{font-size:12.5px}
    .wide th,.wide td{padding-right:13px}
    .wide thead th{font-size:11.5px;white-space:normal;vertical-align:bottom}
    thead button{font-weight:600;text-align:inherit}
    thead button:hover{color:var(--ink)}
    thead button::after{content:'';display:inline-block;width:1em;text-align:center}
    [aria-sort=ascending] button::after{content:'▴'}
    [aria-sort=descending] button::after{content:'▾'}
    .number button::after{width:0}
    .number[aria-sort] button::after{width:1em}
    tr.changed td:first-child{font-weight:600}
    tr.changed td:nth-child(2){background:var(--mark)}
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
    .read-out,.tools,.theme,.live button,.live::before{display:none}\
    .plot{max-width:50%}.plot:only-child{max-width:75%}}
    @media (max-width:860px){.facts{grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}}
    @media (max-width:600px){main{padding:20px 16px 40px}}
    """
}
