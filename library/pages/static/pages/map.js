/* Maps of pages: an enhancement of the lists below them. No tiles: an outline, and a point for each place. */

const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();

function content(item) {
  const box = document.createElement("div");
  for (const child of item.childNodes) box.append(child.cloneNode(true));
  return box;
}

for (const box of document.querySelectorAll("[data-map]")) {
  const { L } = window;
  const items = [...box.parentElement.querySelectorAll("[data-lat]")];
  if (!L || !items.length) continue;
  box.hidden = false;
  const map = L.map(box, { attributionControl: false, zoomSnap: 0.25, scrollWheelZoom: false, minZoom: 4, maxZoom: 10 });
  map.fitBounds([[7.6, 102.1], [23.5, 115]]);
  fetch(box.dataset.outline)
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error(String(response.status)))))
    .then((outline) => {
      L.geoJSON(outline, {
        interactive: false,
        style: { color: colour("--quiet"), weight: 1, fillColor: colour("--wash"), fillOpacity: 1 },
        pointToLayer: (feature, at) => L.circleMarker(at, { radius: 2.5 }),
      }).addTo(map).bringToBack();
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
  for (const item of items) {
    const name = item.querySelector("b").textContent;
    L.circleMarker([Number(item.dataset.lat), Number(item.dataset.lng)], {
      radius: 9, color: colour("--paper"), weight: 2, fillColor: colour("--indigo"), fillOpacity: 1,
    }).bindPopup(content(item)).bindTooltip(name).addTo(map);
  }
}
