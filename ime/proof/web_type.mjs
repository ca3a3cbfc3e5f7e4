// Types sequences of strokes into nothing, with the engine of the page: [code, modifiers], or null for Backspace.

/** The text that each sequence gives; `engine` is the module, sequences are numbers of strokes. */
export function typeAll(engine, { payload, strokes, sequences }) {
  const program = engine.prepare(payload);
  return sequences.map((sequence) => {
    let text = "";
    let pending = "";
    for (const stroke of sequence.map((at) => strokes[at])) {
      const key = stroke && engine.keyAt(program, ...stroke);
      if (stroke && !key) continue;
      const made = key ? engine.press(program, text, pending, key) : engine.backspace(program, text, pending);
      text = text.slice(0, text.length - made.erase) + made.insert;
      pending = made.pending;
    }
    return text;
  });
}
