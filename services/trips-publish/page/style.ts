/** The style sheet of the page. */
export const STYLE = `
:root { color-scheme: light dark; --ground: light-dark(#eef2f4, #0b1418); --surface: light-dark(#fff, #141d22); --text: light-dark(#10191e, #eef3f5);
  --quiet: light-dark(#4b5a63, #a5b4bc); --line: light-dark(#d3dce1, #2c3940); --accent: light-dark(#b23c0a, #ff9466); --land: light-dark(#e4eaed, #101a1f); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { margin: 0; font-size: clamp(1.5rem, 4vw, 2.25rem); line-height: 1.15; letter-spacing: -0.02em; text-wrap: balance; }
h2 { margin: 32px 0 12px; font-size: 1.125rem; }
h3 { margin: 24px 0 8px; font-size: 0.9375rem; color: var(--quiet); font-weight: 600; }
p { margin: 4px 0; } .quiet { color: var(--quiet); }
button { font: inherit; color: inherit; background: none; border: 0; cursor: pointer; }
:focus-visible { outline: 3px solid light-dark(#0b5fd0, #8fc0ff); outline-offset: 2px; }
dl { display: flex; flex-wrap: wrap; gap: 8px 32px; margin: 16px 0; } dl div { min-width: 88px; }
dt { color: var(--quiet); font-size: 0.8125rem; } dd { margin: 0; font-size: 1.25rem; font-weight: 600; }
.map { position: relative; background: var(--land); border: 1px solid var(--line); border-radius: 16px; overflow: hidden; }
#map { display: block; width: 100%; max-height: 76vh; touch-action: none; cursor: grab; --zoom: 1; }
#map path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; }
.grid { stroke: var(--line); stroke-width: 1; opacity: 0.55; } .line { stroke: var(--c); stroke-width: 3.5; }
.gap { stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 3 6; opacity: 0.7; }
.dot { fill: var(--c); stroke: var(--surface); stroke-width: 1.5; r: calc(5px * var(--zoom)); vector-effect: non-scaling-stroke; cursor: pointer; }
#map .dim { opacity: 0.15; } #here { pointer-events: none; } #here circle { fill: var(--accent); opacity: 0.3; } #here circle + circle { opacity: 1; }
.scale path { stroke: var(--quiet); stroke-width: 1.5; } .scale text { fill: var(--quiet); font-size: 13px; }
.zoom { position: absolute; top: 12px; right: 12px; display: grid; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.zoom button { width: 44px; height: 44px; font-size: 1.25rem; } .zoom button + button { border-top: 1px solid var(--line); }
.profile { margin-top: 12px; padding: 12px 0 0; background: var(--surface); border: 1px solid var(--line); border-radius: 16px; overflow: hidden; }
.profile p { display: flex; justify-content: space-between; margin: 0 16px 6px; font-size: 0.8125rem; color: var(--quiet); }
#profile { display: block; width: 100%; height: 130px; touch-action: pan-y; } .area { fill: var(--c); opacity: 0.75; } #profile .dim { opacity: 0.15; }
#cursor { stroke: var(--text); vector-effect: non-scaling-stroke; }
.days { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 1fr)); gap: 8px; padding: 0; list-style: none; }
.days button { width: 100%; min-height: 44px; padding: 12px 14px; text-align: left; background: var(--surface); border: 1px solid var(--line); border-left: 5px solid var(--c); border-radius: 12px; }
.days button[aria-pressed="true"] { border-color: var(--c); box-shadow: inset 0 0 0 1px var(--c); } .days strong { display: block; }
.spark { display: block; width: 100%; height: 24px; margin-top: 6px; } .spark rect { fill: var(--c); }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(46%, 180px), 1fr)); gap: 8px; padding: 0; margin: 0; list-style: none; }
.photos button { display: block; width: 100%; padding: 0; border-radius: 10px; overflow: hidden; aspect-ratio: 3 / 2; background: var(--line); }
.photos img { display: block; width: 100%; height: 100%; object-fit: cover; } .photos span { color: var(--quiet); font-size: 0.75rem; }
.none { display: grid; place-items: center; height: 100%; color: var(--quiet); font-size: 0.8125rem; }
dialog { padding: 0; border: 0; border-radius: 16px; background: var(--surface); color: var(--text); max-width: min(96vw, 1100px); } dialog::backdrop { background: rgb(0 0 0 / 75%); }
dialog figure { margin: 0; } dialog img { display: block; max-width: 100%; max-height: 80vh; width: 1100px; object-fit: contain; background: #000; }
dialog figcaption { padding: 12px 16px 4px; } dialog nav { display: flex; justify-content: space-between; padding: 0 8px 8px; } dialog nav button { min-width: 44px; min-height: 44px; padding: 0 12px; }
[hidden] { display: none !important; }
@media print { .zoom, dialog { display: none; } .photos { grid-template-columns: repeat(4, 1fr); } }
`;
