// Who meets whom: nodes pushed apart and pulled together by their ties, laid out before they are shown.
"use strict";
(() => {
  const figure = document.getElementById("network");
  if (!figure) return;
  const drawn = JSON.parse(document.getElementById("drawn").textContent);
  const tip = figure.querySelector(".tip");
  const HINT = "Point at one to see its ties; press it to open its page.";
  const wide = Math.max(340, figure.clientWidth - 32), small = wide < 600, tall = small ? wide * 1.45 : Math.max(420, Math.min(760, wide * 0.68));
  const nodes = drawn.nodes.map((n) => ({ ...n })), byId = new Map(nodes.map((n) => [n.id, n]));
  const ties = drawn.ties.filter((t) => byId.has(t.left) && byId.has(t.right)).map((t) => ({ source: t.left, target: t.right, records: t.records }));
  const radius = d3.scaleSqrt([1, d3.max(nodes, (n) => n.records) || 1], small ? [2.5, 8] : [4, 17]);
  const breadth = d3.scaleSqrt([1, d3.max(ties, (t) => t.records) || 1], ties.length > 300 ? [0.6, 3.5] : [0.8, 6]);
  const simulation = d3.forceSimulation(nodes).force("tie", d3.forceLink(ties).id((n) => n.id).distance(60))
    .force("apart", d3.forceManyBody().strength(nodes.length > 120 ? -110 : -200).distanceMax(420)).force("x", d3.forceX(wide / 2).strength(0.06)).force("y", d3.forceY(tall / 2).strength(small ? 0.045 : 0.09))
    .force("room", d3.forceCollide((n) => radius(n.records) + 5)).stop();
  for (let i = 0; i < 320; i += 1) simulation.tick();
  const [x0, x1] = d3.extent(nodes, (n) => n.x), [y0, y1] = d3.extent(nodes, (n) => n.y);
  const fit = Math.min(1.6, (wide - (small ? 24 : 130)) / (x1 - x0 || 1), (tall - 60) / (y1 - y0 || 1));
  for (const n of nodes) { n.x = wide / 2 + (n.x - (x0 + x1) / 2) * fit; n.y = tall / 2 + (n.y - (y0 + y1) / 2) * fit; }
  const svg = d3.create("svg").attr("viewBox", `0 0 ${wide} ${tall}`).attr("role", "img").attr("aria-label", `${nodes.length} ${drawn.of} and ${ties.length} ties; the same stand in the table below`);
  const body = svg.append("g").classed("dense", ties.length > 300);
  const lines = body.append("g").selectAll("line").data(ties).join("line").attr("class", (t) => (t.records > 1 ? "tie often" : "tie")).attr("stroke-width", (t) => breadth(t.records));
  const dots = body.append("g").selectAll("circle").data(nodes).join("circle").attr("class", "node").attr("r", (n) => radius(n.records));
  const ranked = [...nodes].sort((a, b) => b.records - a.records);
  const names = body.append("g").selectAll("text").data(ranked).join("text").text((n) => (n.name.length > 26 ? `${n.name.slice(0, 25)}…` : n.name)).attr("dy", "0.32em");
  let shown = small ? 8 : 25, transformed = d3.zoomIdentity;
  const place = (transform) => { // sizes of marks and letters stay as they are
    const at = (n) => transform.apply([n.x, n.y]);
    lines.attr("x1", (t) => at(t.source)[0]).attr("y1", (t) => at(t.source)[1]).attr("x2", (t) => at(t.target)[0]).attr("y2", (t) => at(t.target)[1]);
    dots.attr("cx", (n) => at(n)[0]).attr("cy", (n) => at(n)[1]);
    transformed = transform;
    label(null);
  };
  const label = (n, around) => { // names where there is room: of the most connected, or of those that are pointed at
    const taken = [], order = n ? [n, ...ranked.filter((o) => o !== n && around.has(o))] : ranked, seen = new Map();
    order.forEach((o, i) => {
      const [x, y] = transformed.apply([o.x, o.y]), long = Math.min(o.name.length, 26) * 6.6, gap = radius(o.records) + 4;
      const left = x + gap + long > wide, box = { x0: left ? x - gap - long : x + gap, x1: left ? x - gap : x + gap + long, y0: y - 7, y1: y + 7 };
      const room = (shown > 500 && !n) || !taken.some((b) => b.x0 < box.x1 && b.x1 > box.x0 && b.y0 < box.y1 && b.y1 > box.y0);
      if ((n || i < shown * Math.max(1, transformed.k)) && room && x > 0 && x < wide) { taken.push(box); seen.set(o, { at: left ? x - gap : x + gap, y, left }); }
    });
    names.attr("display", (o) => (seen.has(o) ? null : "none")).filter((o) => seen.has(o))
      .attr("x", (o) => seen.get(o).at).attr("y", (o) => seen.get(o).y).attr("text-anchor", (o) => (seen.get(o).left ? "end" : "start"));
    return around ? around.size + 1 - seen.size : 0;
  };
  const near = (n) => new Set(ties.flatMap((t) => (t.source === n ? [t.target] : t.target === n ? [t.source] : [])));
  const point = (n) => {
    const around = n ? near(n) : null;
    dots.classed("faint", (o) => n && o !== n && !around.has(o));
    lines.classed("faint", (t) => n && t.source !== n && t.target !== n).classed("on", (t) => n && (t.source === n || t.target === n));
    const unnamed = label(n, around);
    tip.textContent = n ? `${n.name}${n.party && drawn.of === "people" ? ` (${n.party})` : ""}: ${n.records} engagements; tied to ${around.size}${unnamed ? ` (no room for ${unnamed} names: zoom in)` : ""}` : HINT;
  };
  dots.on("pointerenter", (_, n) => point(n)).on("pointerleave", () => point(null)).on("click", (_, n) => { location.href = `/${drawn.of}/${encodeURIComponent(n.id)}`; });
  const zoom = d3.zoom().scaleExtent([0.6, 12]).on("zoom", (e) => place(e.transform));
  svg.call(zoom);
  figure.insertBefore(svg.node(), tip);
  place(d3.zoomIdentity);
  point(null);
  const tools = figure.querySelector(".tools");
  tools.hidden = false;
  const deeds = { in: () => svg.call(zoom.scaleBy, 1.6), out: () => svg.call(zoom.scaleBy, 1 / 1.6), all: () => svg.call(zoom.transform, d3.zoomIdentity) };
  tools.addEventListener("click", (e) => { const deed = deeds[e.target.dataset.do]; if (deed) deed(); });
  tools.querySelector("select").addEventListener("change", (e) => { shown = Number(e.target.value); place(d3.zoomTransform(svg.node())); });
})();
