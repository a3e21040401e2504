// States shaded by number and cities as circles on packaged shapes (Natural Earth); nothing comes from the net.
"use strict";
(async () => {
  const figure = document.getElementById("map");
  if (!figure) return;
  const drawn = JSON.parse(document.getElementById("drawn").textContent);
  const tip = figure.querySelector(".tip");
  const HINT = "Point at a state or a city to read its number; press it for the list.";
  const world = await (await fetch(figure.dataset.world)).json();
  const shapes = topojson.feature(world, world.objects.countries).features;
  const wide = Math.max(340, figure.clientWidth - 32), tall = wide * 0.52;
  const flat = d3.geoNaturalEarth1().fitExtent([[4, 4], [wide - 4, tall - 4]], { type: "Sphere" });
  const path = d3.geoPath(flat);
  const states = new Map(drawn.countries.filter((c) => c.number).map((c) => [c.number, c]));
  const depth = d3.scaleSqrt([1, d3.max(drawn.countries, (c) => c.records) || 1], [0.18, 0.85]);
  const size = d3.scaleSqrt([0, d3.max(drawn.spots, (s) => s.records) || 1], [0, Math.max(6, Math.min(16, wide / 60))]);
  const least = wide < 600 ? 1.6 : 3;
  const svg = d3.create("svg").attr("viewBox", `0 0 ${wide} ${tall}`).attr("role", "img").attr("aria-label", "World map of engagements; the same numbers stand in the lists below");
  const body = svg.append("g");
  body.append("path").attr("class", "sea").attr("d", path({ type: "Sphere" }));
  const say = (words) => () => { tip.textContent = words; };
  const list = (place) => () => { const query = new URLSearchParams(location.search); query.set("place", place); location.href = `/engagements?${query}`; };
  body.append("g").selectAll("path").data(shapes).join("path").attr("d", path).attr("class", (s) => (states.has(s.id) ? "shade" : "land")).attr("fill-opacity", (s) => (states.has(s.id) ? depth(states.get(s.id).records) : null))
    .each(function (s) { const c = states.get(s.id); if (c) d3.select(this).on("pointerenter", say(`${s.properties.name}: ${c.records} engagements`)).on("pointerleave", say(HINT)).on("click", list(c.code)); });
  const towns = body.append("g").selectAll("circle").data(drawn.spots).join("circle").attr("class", "town").attr("cx", (s) => flat([s.lon, s.lat])[0]).attr("cy", (s) => flat([s.lon, s.lat])[1]).attr("r", (s) => Math.max(3, size(s.records)))
    .on("pointerenter", (_, s) => say(`${s.city}: ${s.records} engagements`)()).on("pointerleave", say(HINT)).on("click", (_, s) => list(s.city)());
  const labels = body.append("g").selectAll("text").data(drawn.spots.slice(0, 400)).join("text").text((s) => s.city).attr("dy", "0.32em");
  const place = (t) => {
    body.attr("transform", t);
    towns.attr("r", (s) => Math.max(least, size(s.records)) / t.k).attr("stroke-width", 1 / t.k);
    const taken = [];
    labels.each(function (s) {
      const [x, y] = t.apply(flat([s.lon, s.lat])), gap = Math.max(3, size(s.records)) + 4, long = s.city.length * 6.8 + 4;
      const box = { x0: x + gap, x1: x + gap + long, y0: y - 8, y1: y + 8 };
      const room = box.x1 < wide && x > 0 && y > 0 && y < tall && !taken.some((b) => b.x0 < box.x1 && b.x1 > box.x0 && b.y0 < box.y1 && b.y1 > box.y0);
      if (room) taken.push(box);
      d3.select(this).attr("display", room ? null : "none").attr("x", flat([s.lon, s.lat])[0] + gap / t.k).attr("y", flat([s.lon, s.lat])[1]).attr("font-size", 12 / t.k).attr("transform", null);
      this.style.fontSize = `${12 / t.k}px`;
      this.style.strokeWidth = `${3 / t.k}px`;
    });
  };
  const zoom = d3.zoom().scaleExtent([1, 40]).translateExtent([[0, 0], [wide, tall]]).on("zoom", (e) => place(e.transform));
  svg.call(zoom);
  figure.insertBefore(svg.node(), tip);
  place(d3.zoomIdentity);
  tip.textContent = HINT;
  const tools = figure.querySelector(".tools");
  tools.hidden = false;
  const deeds = { in: () => svg.call(zoom.scaleBy, 1.7), out: () => svg.call(zoom.scaleBy, 1 / 1.7), all: () => svg.call(zoom.transform, d3.zoomIdentity) };
  tools.addEventListener("click", (e) => { const deed = deeds[e.target.dataset.do]; if (deed) deed(); });
})();
