/* The map of festivals: an enhancement of the list that stands below it. No tiles: an outline, and a point for each place. */

const data = JSON.parse(document.getElementById("festival-points").textContent);
const box = document.getElementById("festival-map");

if (box && window.L) {
  const { L } = window;
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  box.hidden = false;
  const map = L.map(box, { attributionControl: false, zoomSnap: 0.25, scrollWheelZoom: false, minZoom: 4, maxZoom: 10 });
  map.fitBounds([[7.6, 102.1], [23.5, 115]]);
  fetch(box.dataset.outline)
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error(String(response.status)))))
    .then((outline) => {
      const layer = L.geoJSON(outline, {
        interactive: false,
        style: { color: colour("--quiet"), weight: 1, fillColor: colour("--wash"), fillOpacity: 1 },
        pointToLayer: (feature, at) => L.circleMarker(at, { radius: 2.5 }),
      });
      layer.addTo(map).bringToBack();
      for (const feature of outline.features) {
        if (!feature.properties.name) continue; // islands far off the coast, drawn as points with their name
        const [east, north] = feature.geometry.coordinates[0];
        L.tooltip({ permanent: true, direction: "bottom", className: "islands" })
          .setLatLng([north, east]).setContent(feature.properties.name).addTo(map);
      }
    })
    .catch(() => {
      box.hidden = true; // without the outline, points say nothing; the list is there
    });
  for (const point of data) {
    const marker = L.circleMarker(point.at, {
      radius: 9, color: colour("--paper"), weight: 2, fillColor: colour("--indigo"), fillOpacity: 1,
    });
    const content = document.createElement("div");
    const name = document.createElement("b");
    name.textContent = point.place;
    content.append(name);
    for (const festival of point.festivals) {
      const link = document.createElement("a");
      link.href = festival.url;
      link.textContent = festival.name;
      const line = document.createElement("p");
      line.append(link);
      content.append(line);
    }
    marker.bindPopup(content).bindTooltip(point.place).addTo(map);
  }
}
