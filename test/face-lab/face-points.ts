/* Indices of MediaPipe's face mesh (468 points, then 5 of the person's right iris from 468 and 5 of the left one from 473). Right and left are the person's own. */

/** Lines from the person's right to the left, with the named points of the truth set that lie on them. The ends are the corners. */
export const CONTOURS: readonly { name: string; points: readonly number[]; named: readonly string[] }[] = [
  {
    name: 'upper lip, outer',
    points: [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291],
    named: [
      'mouth_right_corner',
      'lip_upper_outer_right',
      'lip_upper_peak_right',
      'lip_upper_outer_mid',
      'lip_upper_peak_left',
      'lip_upper_outer_left',
      'mouth_left_corner',
    ],
  },
  {
    name: 'lower lip, outer',
    points: [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291],
    named: ['mouth_right_corner', 'lip_lower_outer_right', 'lip_lower_outer_mid', 'lip_lower_outer_left', 'mouth_left_corner'],
  },
  {
    name: 'upper lip, inner',
    points: [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308],
    named: ['mouth_right_corner', 'lip_upper_inner_right', 'lip_upper_inner_mid', 'lip_upper_inner_left', 'mouth_left_corner'],
  },
  {
    name: 'lower lip, inner',
    points: [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308],
    named: ['mouth_right_corner', 'lip_lower_inner_right', 'lip_lower_inner_mid', 'lip_lower_inner_left', 'mouth_left_corner'],
  },
  {
    name: 'right upper lid',
    points: [33, 246, 161, 160, 159, 158, 157, 173, 133],
    named: ['eye_right_outer', 'eye_right_upper_outer', 'eye_right_upper_mid', 'eye_right_upper_inner', 'eye_right_inner'],
  },
  {
    name: 'right lower lid',
    points: [33, 7, 163, 144, 145, 153, 154, 155, 133],
    named: ['eye_right_outer', 'eye_right_lower_outer', 'eye_right_lower_mid', 'eye_right_lower_inner', 'eye_right_inner'],
  },
  {
    name: 'left upper lid',
    points: [362, 398, 384, 385, 386, 387, 388, 466, 263],
    named: ['eye_left_inner', 'eye_left_upper_inner', 'eye_left_upper_mid', 'eye_left_upper_outer', 'eye_left_outer'],
  },
  {
    name: 'left lower lid',
    points: [362, 382, 381, 380, 374, 373, 390, 249, 263],
    named: ['eye_left_inner', 'eye_left_lower_inner', 'eye_left_lower_mid', 'eye_left_lower_outer', 'eye_left_outer'],
  },
];

/** Named points of the truth set that lie on the skin, by the mesh points that are nearest to them. */
export const SKIN_POINTS: Readonly<Record<string, number>> = {
  mouth_right_corner: 61,
  mouth_left_corner: 291,
  lip_upper_outer_mid: 0,
  lip_lower_outer_mid: 17,
  lip_upper_peak_right: 37,
  lip_upper_peak_left: 267,
  lip_lower_outer_right: 181,
  lip_lower_outer_left: 405,
  nose_right_wing: 129,
  nose_left_wing: 358,
  nose_tip: 4,
  nose_base: 2,
  nose_bridge: 6,
  nose_bridge_mid: 197,
  cheek_right: 50,
  cheek_left: 280,
  chin_front: 199,
  chin_bottom: 152,
  forehead_mid: 151,
  hairline_mid: 10,
  glabella: 9,
  eye_right_outer: 33,
  eye_left_outer: 263,
  eye_right_inner: 133,
  eye_left_inner: 362,
  brow_right_inner: 55,
  brow_left_inner: 285,
  brow_right_mid: 105,
  brow_left_mid: 334,
  brow_right_outer: 70,
  brow_left_outer: 300,
  face_right_temple: 127,
  face_left_temple: 356,
  face_right_cheekbone: 234,
  face_left_cheekbone: 454,
  face_right_jaw_upper: 93,
  face_left_jaw_upper: 323,
  face_right_jaw_angle: 58,
  face_left_jaw_angle: 288,
  face_right_jaw_mid: 136,
  face_left_jaw_mid: 365,
  face_right_jaw_front: 149,
  face_left_jaw_front: 378,
};

export const RIGHT_IRIS: readonly number[] = [468, 469, 470, 471, 472];
export const LEFT_IRIS: readonly number[] = [473, 474, 475, 476, 477];
export const RIGHT_EYE_OUTER = 33;
export const LEFT_EYE_OUTER = 263;
export const POINTS = 478;
