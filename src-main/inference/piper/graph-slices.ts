import type { OnnxGraph, OnnxNode } from './onnx-graph.ts';
import { neededFor } from './onnx-graph.ts';

/** A run of operations that becomes a graph of its own. */
export interface GraphSlice {
  /** Tensors that earlier slices make; the model's own inputs are not among them. */
  inputs: string[];
  /** Tensors that later slices, or the caller, need. */
  outputs: string[];
}

/** A border may lie this far from its even place, as a part of a slice's length, where fewer tensors cross it. */
const LEEWAY = 0.15;

/**
 * Divides what leads to `outputs` into slices of about `sliceNodes` operations, to be run one after the other. Borders lie where few tensors
 * cross them. A graph that is short enough stays whole.
 */
export function sliceGraph(graph: OnnxGraph, outputs: readonly string[], sliceNodes: number): GraphSlice[] {
  const needed = neededFor(graph, outputs).nodes;
  const nodes = graph.nodes.filter((node) => needed.has(node));
  const borders = bordersOf(nodes, outputs, Math.max(1, Math.ceil(nodes.length / sliceNodes)));
  const slices: GraphSlice[] = [];
  const madeBefore = new Set<string>();
  for (const [index, start] of borders.entries()) {
    const end = borders[index + 1] ?? nodes.length;
    const own = nodes.slice(start, end);
    const used = new Set(own.flatMap((node) => node.inputs));
    const made = new Set(own.flatMap((node) => node.outputs));
    const wanted = new Set([...outputs, ...nodes.slice(end).flatMap((node) => node.inputs)]);
    slices.push({ inputs: [...used].filter((name) => madeBefore.has(name)), outputs: [...made].filter((name) => wanted.has(name)) });
    for (const name of made) madeBefore.add(name);
  }
  return slices;
}

/** First node of each slice. */
function bordersOf(nodes: readonly OnnxNode[], outputs: readonly string[], count: number): number[] {
  const crossings = crossingsOf(nodes, outputs);
  const length = nodes.length / count;
  return Array.from({ length: count }, (_, slice) => {
    if (slice === 0) return 0;
    const even = Math.round(slice * length);
    const leeway = Math.floor(length * LEEWAY);
    let best = even;
    for (let at = even - leeway; at <= even + leeway; at += 1) if ((crossings[at] ?? Infinity) < (crossings[best] ?? Infinity)) best = at;
    return best;
  });
}

/** How many tensors are made before each node and still needed by it or later ones. */
function crossingsOf(nodes: readonly OnnxNode[], outputs: readonly string[]): number[] {
  const lastUse = new Map<string, number>();
  for (const [at, node] of nodes.entries()) for (const name of node.inputs) lastUse.set(name, at);
  for (const name of outputs) lastUse.set(name, nodes.length);
  const changes = Array.from({ length: nodes.length + 2 }, () => 0);
  for (const [at, node] of nodes.entries()) {
    for (const name of node.outputs) {
      const until = lastUse.get(name) ?? at;
      changes[at + 1] = (changes[at + 1] ?? 0) + 1;
      changes[until + 1] = (changes[until + 1] ?? 0) - 1;
    }
  }
  let alive = 0;
  return changes.map((change) => (alive += change));
}
