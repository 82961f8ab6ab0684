// From what Python sends to what the board draws: packed numbers become arrays, once for each new packet.

import { floats } from "./learning_arithmetic.js";
import { unpacked } from "./grid.js";

const read = new Map(); // the last few packets, by their text: most of a message is what the one before held
const KEPT = 40;

function once(text, unpack) {
  if (read.has(text)) return read.get(text);
  if (read.size >= KEPT) read.delete(read.keys().next().value);
  read.set(text, unpack(text));
  return read.get(text);
}

const pictureOf = (picture) => ({ ...picture, stamp: picture.levels, levels: once(picture.levels, unpacked) });
const pictures = ({ words, pictures: packed }) => ({ words, pictures: packed.map(pictureOf) });

function curvesOf({ batches, epochs, steps, loss, accuracy, share, ...rest }) {
  const at = Array.from(once(steps, floats), (step) => step / batches);
  const fine = (text) => {
    const values = once(text, floats);
    return at.map((epoch, i) => [epoch, values[i]]);
  };
  const known = (name) => epochs[name].map((value) => value ?? NaN); // JSON has no NaN
  return {
    ...rest,
    done: at.at(-1) ?? 0,
    loss: { share, fine: fine(loss), training: known("loss"), validation: known("validation_loss") },
    accuracy: { share, fine: fine(accuracy), training: known("accuracy"), validation: known("validation_accuracy") },
  };
}

function snapshotOf(snapshot) {
  if (!snapshot) return null;
  return {
    ...snapshot,
    kernels: snapshot.kernels && { ...snapshot.kernels, values: once(snapshot.kernels.values, floats) },
    layers: snapshot.layers.map((layer) => ({ ...layer, levels: once(layer.levels, unpacked) })),
    picture: snapshot.picture && pictureOf(snapshot.picture),
  };
}

export const readLive = ({ curves, snapshot, gradients, confusion, wrong, samples }) => ({
  curves: curvesOf(curves),
  snapshot: snapshotOf(snapshot),
  gradients,
  confusion,
  wrong: pictures(wrong),
  samples: pictures(samples),
});
