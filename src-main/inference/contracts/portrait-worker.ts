import type { FaceAnchors, PortraitAnalysis, PortraitFace, PortraitSquare } from '../../../src-preload/contract/index.ts';

/** What main and the portrait worker say to each other. Paths are those of files that main has received and checked for their place. */
export interface PortraitMethods {
  /** Opens the two landmark graphs of the folder of manifest.json. First call of every process. */
  load: { params: { modelsDirectory: string }; result: void };
  /**
   * Decodes a picture and looks for faces; `known`: the result of an earlier look at the same file, which then is only decoded.
   * `preview`: the upright picture as JPEG, at most 1024 pixels a side. Rejects with `picture.*`.
   */
  analyse: { params: PictureFile; result: { analysis: PortraitAnalysis; preview: Uint8Array } };
  /** 478 x, y, z, flat, for anchors in pixels of the analysis. Rejects with `picture.*`, `face.anchors-unusable`. */
  fitAnchors: { params: PictureFile & { anchors: FaceAnchors }; result: number[] };
  /** The picture as it is stored, and its face: `anchors`, or the one found with the index `face`. Rejects with `picture.*`, `face.none`, `face.anchors-unusable`. */
  prepare: { params: PictureFile & { face: number; anchors: FaceAnchors | null }; result: PreparedPicture };
  /**
   * Makes a portrait ready to be painted by LivePortrait, on the port that is attached under its id afterwards. Graphs stay open until the process
   * ends. Rejects with `face.no-gpu`, `face.weights-wrong`, `face.out-of-memory` or `picture.*`.
   */
  openLive: {
    params: {
      portraitId: string;
      picturePath: string;
      /** 478 x, y, z, flat, in pixels of the picture. */
      landmarks: number[];
      weights: LiveWeights;
      provider: LiveProvider;
      /** Mended graphs are kept in its folder `liveportrait`. */
      cacheDirectory: string;
    };
    result: { square: PortraitSquare };
  };
  closeLive: { params: { portraitId: string }; result: void };
}

/** The six files of LivePortrait, absolute. */
export type LiveWeights = Record<'appearance' | 'motion' | 'warping' | 'stitching' | 'eyes' | 'lips', string>;

/** Where the large graphs run. A processor takes seconds for a picture: for tests and measurements only. */
export type LiveProvider = 'cuda' | 'cpu';

interface PictureFile {
  path: string;
  known: PortraitAnalysis | null;
}

/** A portrait ready to be stored: upright, sRGB, at most 2048 pixels a side. */
export interface PreparedPicture {
  picture: Uint8Array;
  /** Of the file name, by its format. */
  extension: 'jpg';
  width: number;
  height: number;
  /** `portraitHash` is that of `picture`. */
  face: PortraitFace;
}
