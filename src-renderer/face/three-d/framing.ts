import type { PerspectiveCamera, Vector3 } from 'three';

/** Where a model's face is, in metres of the scene: seen from the front, +y up, the viewer at +z. */
export interface FacePlace {
  centre: Vector3;
  /** Brow to chin. */
  height: number;
}

/** As a photographer's 85 mm lens: close enough for a face, without a big nose. */
const FIELD_OF_VIEW_DEGREES = 20;
/** Picture height in face heights: head and shoulders with some air above. */
const HEIGHT_IN_FACES = 2.8;
/** No narrower than this, so that a tall picture still holds both shoulders' inner half. */
const WIDTH_IN_FACES = 2.1;
/** Where the middle of the face lies, from the top. */
const FACE_FROM_TOP = 0.42;

/** Points the camera at head and shoulders, level with the face, for a picture of this size in pixels. */
export function frameFace(camera: PerspectiveCamera, face: FacePlace, width: number, height: number): void {
  const aspect = width / height;
  const shownHeight = face.height * Math.max(HEIGHT_IN_FACES, WIDTH_IN_FACES / aspect);
  const distance = shownHeight / 2 / Math.tan((FIELD_OF_VIEW_DEGREES * Math.PI) / 360);
  camera.fov = FIELD_OF_VIEW_DEGREES;
  camera.aspect = aspect;
  camera.near = distance / 20;
  camera.far = distance * 20;
  camera.position.set(face.centre.x, face.centre.y, face.centre.z + distance);
  camera.rotation.set(0, 0, 0);
  // The lens is shifted instead of tilted: a camera that looks up or down bends shoulders and walls.
  camera.setViewOffset(width, height, 0, (0.5 - FACE_FROM_TOP) * height, width, height);
  camera.updateMatrixWorld();
}
