import { Box3, Vector3, type Mesh, type Object3D } from 'three';
import type { FacePlace } from './framing.ts';
import type { Bones } from './skeleton.ts';

/** A shape of a mesh, by its number in the mesh's list. */
export interface MeshShape {
  mesh: Mesh;
  index: number;
}

/** Of the farthest moved vertex: what moves less belongs to the shape's soft edge. */
const CLEARLY_MOVED = 0.2;
/** The outermost share of vertices that is not counted: a strand of hair must not make the face long. */
const OUTLIERS = 0.02;
/** A head with neck, of a whole figure's height, when nothing else is known. */
const HEAD_OF_FIGURE = 1 / 7;

/**
 * Where the face is: around the vertices that its shapes move (brows to chin), else between the eyes' and the head's bones, else at the top of the
 * figure. The scene must be at rest.
 */
export function findFace(scene: Object3D, bones: Bones, shapes: readonly MeshShape[]): FacePlace {
  const moved = movedPoints(shapes);
  const eyes = middleOf(bones.leftEye, bones.rightEye);
  if (moved.length > 0) {
    const low = percentile(moved, 'y', OUTLIERS);
    const high = percentile(moved, 'y', 1 - OUTLIERS);
    // A jaw alone moves the lower half only; the eyes tell where the upper one ends.
    const top = eyes === undefined ? high : Math.max(high, eyes.y + 0.2 * (eyes.y - low));
    const x = eyes?.x ?? (percentile(moved, 'x', OUTLIERS) + percentile(moved, 'x', 1 - OUTLIERS)) / 2;
    if (top > low) return { centre: new Vector3(x, (low + top) / 2, percentile(moved, 'z', 0.5)), height: top - low };
  }
  if (eyes !== undefined && bones.head !== undefined) {
    const height = Math.abs(eyes.y - bones.head.getWorldPosition(new Vector3()).y) * 1.9;
    if (height > 0) return { centre: new Vector3(eyes.x, eyes.y - 0.3 * height, eyes.z), height };
  }
  const figure = new Box3().setFromObject(scene);
  const height = (figure.max.y - figure.min.y) * HEAD_OF_FIGURE;
  return { centre: new Vector3((figure.min.x + figure.max.x) / 2, figure.max.y - height * 0.6, figure.max.z), height };
}

/** True when a shape moves vertices that hang on one of the bones: whether "look left" turns the eyeball itself or only the lids around it. */
export function movesBone(shapes: readonly MeshShape[], wanted: readonly Object3D[]): boolean {
  return shapes.some(({ mesh, index }) => {
    if (wanted.includes(mesh) || (mesh.parent !== null && wanted.includes(mesh.parent))) return true;
    const skin = 'skeleton' in mesh ? (mesh.skeleton as { bones: readonly Object3D[] }).bones : [];
    const bones = mesh.geometry.getAttribute('skinIndex');
    const weights = mesh.geometry.getAttribute('skinWeight');
    if (bones === undefined || weights === undefined) return false;
    return movedVertices(mesh, index).some((vertex) => {
      const bone = skin[bones.getX(vertex)];
      return weights.getX(vertex) > 0.5 && bone !== undefined && wanted.includes(bone);
    });
  });
}

function movedPoints(shapes: readonly MeshShape[]): Vector3[] {
  const byMesh = new Map<Mesh, Set<number>>();
  for (const { mesh, index } of shapes) {
    const vertices = byMesh.get(mesh) ?? new Set();
    for (const vertex of movedVertices(mesh, index)) vertices.add(vertex);
    byMesh.set(mesh, vertices);
  }
  return [...byMesh].flatMap(([mesh, vertices]) =>
    [...vertices].map((vertex) => mesh.localToWorld(mesh.getVertexPosition(vertex, new Vector3()))),
  );
}

function movedVertices(mesh: Mesh, index: number): number[] {
  const shifts = mesh.geometry.morphAttributes['position']?.[index];
  if (shifts === undefined) return [];
  // Shapes that hold places instead of shifts do not exist in glTF.
  const lengths = Array.from({ length: shifts.count }, (_, vertex) =>
    Math.hypot(shifts.getX(vertex), shifts.getY(vertex), shifts.getZ(vertex)),
  );
  const least = lengths.reduce((most, length) => Math.max(most, length), 0) * CLEARLY_MOVED;
  return least === 0 ? [] : lengths.flatMap((length, vertex) => (length > least ? [vertex] : []));
}

function percentile(points: readonly Vector3[], axis: 'x' | 'y' | 'z', share: number): number {
  const sorted = points.map((point) => point[axis]).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function middleOf(left: Object3D | undefined, right: Object3D | undefined): Vector3 | undefined {
  if (left === undefined || right === undefined) return undefined;
  return left.getWorldPosition(new Vector3()).add(right.getWorldPosition(new Vector3())).multiplyScalar(0.5);
}
