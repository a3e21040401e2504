// Draws stacked bars over the table that a chart holds; the table stays, folded away.
"use strict";
(() => {
  const WIDTH = 1100, HEIGHT = 240, LEFT = 42, BOTTOM = 26, TOP = 8;
  const RARE = 0.02, MUCH = 0.3; // lines at the ends that hold so little together are not drawn, where they take so much of the room
  // A few acts of long ago, or announced for years ahead, would press all others into a corner.
  const within = (rows, sum) => {
    const most = d3.sum(rows, sum) * RARE;
    if (!most) return rows;
    let begin = 0, end = rows.length;
    for (let left = most - sum(rows[0]); left >= 0; left -= sum(rows[begin])) begin += 1;
    for (let left = most - sum(rows[end - 1]); left >= 0; left -= sum(rows[end - 1])) end -= 1;
    return rows.length - (end - begin) > rows.length * MUCH ? rows.slice(begin, end) : rows;
  };
  const draw = (figure) => {
    const table = figure.querySelector("table");
    const columns = [...table.querySelectorAll("thead th")].slice(1).map((th) => th.textContent);
    const every = [...table.querySelectorAll("tbody tr")].map((tr) => {
      const row = { line: tr.querySelector("th").textContent };
      [...tr.querySelectorAll("td")].forEach((td, i) => { row[columns[i]] = Number(td.textContent); });
      return row;
    });
    const sum = (r) => d3.sum(columns, (c) => r[c]);
    const rows = within(every, sum), outside = d3.sum(every, sum) - d3.sum(rows, sum);
    const shade = (name) => (figure.dataset.chart === "kinds" ? `f-${name}` : `f-${columns.indexOf(name) % 8}`);
    const wide = Math.max(340, Math.min(WIDTH, figure.clientWidth - 32));
    const x = d3.scaleBand(rows.map((r) => r.line), [LEFT, wide]).paddingInner(0.18).paddingOuter(0.05);
    const most = d3.max(rows, sum) || 1;
    const y = d3.scaleLinear([0, most], [HEIGHT - BOTTOM, TOP]).nice(5);
    const svg = d3.create("svg").attr("viewBox", `0 0 ${wide} ${HEIGHT}`).attr("role", "img").attr("aria-label", `${figure.querySelector("figcaption").textContent}; the numbers stand in the table below`);
    const step = Math.ceil(rows.length / Math.floor((wide - LEFT) / 62));
    svg.append("g").attr("class", "axis").attr("transform", `translate(${LEFT},0)`).call(d3.axisLeft(y).ticks(Math.min(5, most), "d").tickSize(-(wide - LEFT))).selectAll("text").attr("x", -8);
    svg.append("g").attr("class", "axis").attr("transform", `translate(0,${HEIGHT - BOTTOM})`).call(d3.axisBottom(x).tickValues(x.domain().filter((_, i) => i % step === 0)).tickSize(0).tickPadding(8));
    const width = Math.min(x.bandwidth(), 64);
    for (const layer of d3.stack().keys(columns)(rows)) {
      svg.append("g").attr("class", shade(layer.key)).selectAll("rect").data(layer.filter((d) => d[1] > d[0])).join("rect")
        .attr("x", (d) => x(d.data.line) + (x.bandwidth() - width) / 2).attr("width", width).attr("y", (d) => y(d[1])).attr("height", (d) => y(d[0]) - y(d[1]))
        .append("title").text((d) => `${d.data.line}: ${d.data[layer.key]} ${layer.key}`);
    }
    const key = document.createElement("ul");
    key.className = "key";
    for (const c of columns) { const li = document.createElement("li"); li.className = shade(c); const span = document.createElement("span"); span.textContent = c; li.append(span); key.append(li); }
    const folded = document.createElement("details"), summary = document.createElement("summary");
    summary.textContent = "The numbers";
    const box = figure.querySelector(".scroll");
    folded.append(summary, box);
    figure.append(svg.node(), key);
    if (outside) {
      const told = document.createElement("p");
      told.className = "quiet";
      told.textContent = `Drawn from ${rows[0].line} to ${rows[rows.length - 1].line}; the ${outside} before or after are in the numbers.`;
      figure.append(told);
    }
    figure.append(folded);
  };
  for (const figure of document.querySelectorAll("[data-chart]")) if (figure.querySelector("tbody tr")) draw(figure);
})();
