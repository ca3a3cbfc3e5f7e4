// What a client that is not ours understands of a manifest: `node read.mjs MANIFEST [WORD]`, JSON on stdout.
// It stands beside node_modules when it runs: bin/setup --tests puts both into .venv/iiif.
import {
  Vault,
  createPaintingAnnotationsHelper,
  createSearch2Store,
  createSequenceHelper,
  createThumbnailHelper,
  findSearch2Service,
  getValue,
  rangesToTableOfContentsTree,
} from "@iiif/helpers";
import { getCanvasTranscription } from "@iiif/helpers/transcriptions";

const [address, word] = process.argv.slice(2);
const vault = new Vault();
const painting = createPaintingAnnotationsHelper(vault);
const thumbnails = createThumbnailHelper(vault);
const titles = (node) => [getValue(node.label), ...(node.items || []).flatMap((each) => (each.type === "Range" ? titles(each) : []))];

const manifest = await vault.loadManifest(address);
const canvases = [];
for (const canvas of vault.get(manifest.items)) {
  const paintables = painting.getPaintables(canvas);
  const thumbnail = await thumbnails.getBestThumbnailAtSize(canvas, { width: 200, height: 200 });
  const transcription = await getCanvasTranscription(vault, canvas);
  canvases.push({
    label: getValue(canvas.label, { language: "en" }),
    width: canvas.width,
    height: canvas.height,
    duration: canvas.duration,
    types: paintables.items.map((each) => each.type),
    formats: paintables.items.map((each) => each.resource.format),
    thumbnail: thumbnail?.best?.id,
    text: transcription?.plaintext,
  });
}
const found = { canvases, label: getValue(manifest.label), behavior: manifest.behavior };
found.metadata = manifest.metadata.map((each) => [getValue(each.label), getValue(each.value)]);
found.sequence = createSequenceHelper(vault).getManifestSequence(manifest)[1];
const table = rangesToTableOfContentsTree(vault, vault.get(manifest.structures));
found.chapters = table ? titles(table) : [];
const service = findSearch2Service(manifest);
if (word && service) {
  const store = createSearch2Store(service);
  await store.getState().search({ q: word });
  const { hits, resources, error } = store.getState();
  found.search = { error, hits: hits.map((hit) => hit.match), targets: resources.map((each) => each.target) };
}
console.log(JSON.stringify(found));
