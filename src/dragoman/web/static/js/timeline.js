// Visits as bars with their meetings on them, everything else as dots; packed into rows, zoomed along time.
"use strict";
(() => {
  const figure = document.getElementById("timeline");
  if (!figure) return;
  const acts = JSON.parse(document.getElementById("drawn").textContent).map((a) => ({ ...a, from: first(a.start), to: last(a.end || a.start) }));
  const tip = figure.querySelector(".tip");
  const HINT = "Point at a mark to read it; press it to open the engagement.";
  const wide = Math.max(340, figure.clientWidth - 32), ROW = 17, TOP = 30;
  function first(text) { return new Date(Date.UTC(+text.slice(0, 4), (+text.slice(5, 7) || 1) - 1, +text.slice(8, 10) || 1)); }
  function last(text) {
    const [y, m, d] = [+text.slice(0, 4), +text.slice(5, 7), +text.slice(8, 10)];
    return d ? new Date(Date.UTC(y, m - 1, d + 1)) : m ? new Date(Date.UTC(y, m, 1)) : new Date(Date.UTC(y + 1, 0, 1));
  }
  const visits = new Map(acts.filter((a) => a.kind === "visit").map((a) => [a.id, a]));
  const free = acts.filter((a) => !visits.has(a.part_of));
  const base = d3.scaleUtc([d3.min(acts, (a) => a.from), d3.max(acts, (a) => a.to)], [14, wide - 14]);
  const pack = (scale) => { // rows so that nothing overlaps at this zoom
    const ends = [];
    for (const a of free) {
      const begin = scale(a.from), end = Math.max(scale(a.to), begin + 13);
      let row = ends.findIndex((e) => e < begin);
      if (row < 0) row = ends.length;
      ends[row] = end + 2;
      a.row = row;
    }
    for (const a of acts) if (visits.has(a.part_of)) a.row = visits.get(a.part_of).row;
    return ends.length;
  };
  const rows = Math.min(26, pack(base));
  const tall = TOP + Math.max(6, rows) * ROW + 14;
  const svg = d3.create("svg").attr("viewBox", `0 0 ${wide} ${tall}`).attr("role", "img").attr("aria-label", "Engagements over time; the same stand in the list below");
  const axis = svg.append("g").attr("class", "axis").attr("transform", `translate(0,${TOP - 8})`);
  const body = svg.append("g");
  const told = (a) => `${a.when}: ${a.kind}${a.status === "held" ? "" : ` (${a.status})`} ${a.parties.join(" – ")}${a.city ? `, ${a.city}` : ""}${a.people.length ? ` · ${a.people.join(", ")}` : ""}`;
  const open = (_, a) => { location.href = `/engagements/${encodeURIComponent(a.id)}`; };
  const alive = (marks) => marks.on("pointerenter", function (_, a) { d3.select(this).classed("on", true); tip.textContent = told(a); })
    .on("pointerleave", function () { d3.select(this).classed("on", false); tip.textContent = HINT; }).on("click", open);
  const bars = alive(body.selectAll("rect").data([...visits.values()]).join("rect").attr("class", (a) => `stay f-visit ${a.status}`).attr("rx", 4).attr("height", ROW - 4));
  const dots = alive(body.selectAll("circle").data(acts.filter((a) => a.kind !== "visit")).join("circle").attr("class", (a) => `dot f-${a.kind} ${a.status}`).attr("r", (a) => (visits.has(a.part_of) ? 4 : 5.5)));
  const count = svg.append("text").attr("x", wide - 8).attr("y", tall - 4).attr("text-anchor", "end");
  const place = (scale) => {
    pack(scale);
    axis.call(d3.axisTop(scale).ticks(Math.max(3, wide / 110)).tickSize(-(tall - TOP)).tickPadding(6));
    const hidden = (a) => (a.row >= rows ? "none" : null);
    bars.attr("x", (a) => scale(a.from)).attr("width", (a) => Math.max(13, scale(a.to) - scale(a.from))).attr("y", (a) => TOP + a.row * ROW).attr("display", hidden);
    dots.attr("cx", (a) => Math.max(scale(a.from) + 6, (scale(a.from) + scale(a.to)) / 2)).attr("cy", (a) => TOP + a.row * ROW + (ROW - 4) / 2).attr("display", hidden);
    const left = free.filter((a) => a.row >= rows && scale(a.to) > 0 && scale(a.from) < wide).length;
    count.text(left ? `${left} more here: zoom in to see them` : "");
  };
  const zoom = d3.zoom().scaleExtent([1, 4000]).translateExtent([[0, 0], [wide, tall]]).on("zoom", (e) => place(e.transform.rescaleX(base)));
  svg.call(zoom);
  figure.insertBefore(svg.node(), tip);
  tip.textContent = HINT;
  place(base);
  const kinds = [...new Set(acts.map((a) => a.kind))];
  const key = document.createElement("ul");
  key.className = "key";
  for (const k of kinds) { const li = document.createElement("li"); li.className = `f-${k}`; const span = document.createElement("span"); span.textContent = k; li.append(span); key.append(li); }
  if (acts.some((a) => a.status !== "held")) { const li = document.createElement("li"); li.className = "hollow"; const span = document.createElement("span"); span.textContent = "hollow: not reported as held (planned, proposed, cancelled, denied)"; li.append(span); key.append(li); }
  figure.insertBefore(key, tip);
  const tools = figure.querySelector(".tools");
  tools.hidden = false;
  const now = () => d3.select(svg.node());
  // Begin on the stretch where nearly all marks lie; "All" shows the few that are long before or after.
  const starts = free.map((a) => a.from).sort(d3.ascending);
  const since = Math.max(0, base(d3.quantile(starts, 0.1)) - 12), until = Math.min(wide, base(d3.quantile(starts, 0.99)) + 26);
  const near = wide / (until - since);
  if (near > 1.15) {
    svg.call(zoom.transform, d3.zoomIdentity.scale(near).translate(-since, 0));
    tip.textContent = `Shown from ${base.invert(since).getUTCFullYear()} to ${base.invert(until).getUTCFullYear()}; press All for what is before or after. ${HINT}`;
  }
  const deeds = { in: () => now().call(zoom.scaleBy, 2), out: () => now().call(zoom.scaleBy, 0.5), all: () => now().call(zoom.transform, d3.zoomIdentity),
    left: () => now().call(zoom.translateBy, wide / 3 / d3.zoomTransform(svg.node()).k, 0), right: () => now().call(zoom.translateBy, -wide / 3 / d3.zoomTransform(svg.node()).k, 0) };
  tools.addEventListener("click", (e) => { const deed = deeds[e.target.dataset.do]; if (deed) deed(); });
})();
