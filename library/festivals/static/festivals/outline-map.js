/* A map without tiles: an outline of the country, and a point for each place. Needs Leaflet (window.L). */

const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();

/* Draw the map into a box, which becomes visible. Each place is { at: [latitude, longitude], name, content (an element) }. */
export function drawMap(box, places) {
  const { L } = window;
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
  for (const { at, name, content } of places) {
    L.circleMarker(at, {
      radius: 9, color: colour("--paper"), weight: 2, fillColor: colour("--indigo"), fillOpacity: 1,
    }).bindPopup(content).bindTooltip(name).addTo(map);
  }
}
